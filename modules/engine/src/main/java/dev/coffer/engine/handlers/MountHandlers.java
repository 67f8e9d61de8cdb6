package dev.coffer.engine.handlers;

import dev.coffer.engine.EngineException;
import dev.coffer.engine.EngineException.Kind;
import dev.coffer.engine.command.ImageCommand.MountImage;
import dev.coffer.engine.command.ImageCommand.MountedImages;
import dev.coffer.engine.command.ImageCommand.UnmountImage;
import dev.coffer.engine.lifecycle.ImageMounts;
import dev.coffer.engine.lifecycle.RootFilesystem;
import dev.coffer.engine.model.MountedImage;
import dev.coffer.image.Image;
import dev.coffer.image.ImageStore;
import dev.coffer.kernel.Errno;
import dev.coffer.kernel.KernelException;
import dev.coffer.spec.image.Digest;
import dev.coffer.spec.image.Reference;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Shows root file systems of images on the host. */
public final class MountHandlers {

  private final ImageStore images;
  private final RootFilesystem roots;
  private final ImageMounts mounts;
  private final boolean mayMount;

  /**
   * Mounts these.
   *
   * @param mayMount whether the kernel lets this engine mount anything
   */
  public MountHandlers(
      ImageStore images, RootFilesystem roots, ImageMounts mounts, boolean mayMount) {
    this.images = images;
    this.roots = roots;
    this.mounts = mounts;
    this.mayMount = mayMount;
  }

  /** Carries the command out. */
  public MountedImage handle(MountImage command) {
    String what = "cannot mount image \"" + command.image() + "\"";
    if (!mayMount) {
      throw new EngineException(
          Kind.NOT_SUPPORTED, what + ": only root may mount (run coffer as root)");
    }
    return Attempt.at(
        what,
        () -> {
          Image image = images.resolve(command.image(), Optional.empty());
          Path place =
              mounts.mount(
                  image.id(), () -> roots.mountView(images.settled(image.id()).id().toString()));
          return mounted(image, place);
        });
  }

  private static MountedImage mounted(Image image, Path place) {
    return new MountedImage(
        image.id().toString(),
        image.references().stream().map(Reference::familiar).toList(),
        place.toString());
  }

  /** Carries the command out. */
  public Optional<String> handle(UnmountImage command) {
    String what = "cannot unmount image \"" + command.image() + "\"";
    return Attempt.at(
        what,
        () -> {
          Digest id = images.resolve(command.image(), Optional.empty()).id();
          return unmount(what, id, command.force()) ? Optional.of(id.toString()) : Optional.empty();
        });
  }

  private boolean unmount(String what, Digest id, boolean force) throws IOException {
    try {
      return mounts.unmount(id, force);
    } catch (KernelException e) {
      if (e.is(Errno.EBUSY)) {
        throw new EngineException(
            Kind.CONFLICT,
            what + ": something on the host uses its files (end that, or use --force)",
            e);
      }
      throw e;
    }
  }

  /** Carries the command out. */
  public List<MountedImage> handle(MountedImages command) {
    return Attempt.at(
        "cannot list the mounted images",
        () -> {
          List<MountedImage> all = new ArrayList<>();
          for (Image image : images.list()) {
            mounts.place(image.id()).ifPresent(place -> all.add(mounted(image, place)));
          }
          all.sort(Comparator.comparing(each -> each.names().toString()));
          return List.copyOf(all);
        });
  }
}
