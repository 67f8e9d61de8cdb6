package dev.coffer.engine.lifecycle;

import dev.coffer.engine.rootfs.InitLayers;
import dev.coffer.engine.state.ContainerDirectory;
import dev.coffer.image.ArchiveLimits;
import dev.coffer.image.Image;
import dev.coffer.image.ImageStore;
import dev.coffer.image.tree.ContainerTree;
import dev.coffer.image.tree.OverlayMarks;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.OpenFlags;
import dev.coffer.kernel.Overlay;
import dev.coffer.kernel.OverlayLayers;
import dev.coffer.kernel.OverlayOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes the root file systems of containers: their image's layers below a layer of their own. */
public final class RootFilesystem {

  private static final int DIRECTORY = OpenFlags.PATH | OpenFlags.DIRECTORY;

  private final ImageStore images;
  private final InitLayers inits;
  private final Overlay overlay;

  /** Makes them of these images. */
  public RootFilesystem(ImageStore images, InitLayers inits, Overlay overlay) {
    this.images = images;
    this.inits = inits;
    this.overlay = overlay;
  }

  /** What is below a container's own layer, topmost first: the init layer, then the image's. */
  public List<Path> lowers(String imageId) throws IOException {
    List<Path> layers = imageLayers(imageId);
    List<Path> lowers = new ArrayList<>(layers.size() + 1);
    lowers.add(inits.of(imageId, layers));
    lowers.addAll(layers);
    return lowers;
  }

  private List<Path> imageLayers(String imageId) throws IOException {
    Image image = images.resolve(imageId, Optional.empty());
    return images.layers(image).reversed();
  }

  /**
   * A detached mount of a container's root; the caller's. Nobody else may have the container's own
   * layer mounted.
   *
   * @param ephemeral whether the container's own layer need not outlive the machine
   */
  public Fd mount(String imageId, ContainerDirectory directory, boolean ephemeral)
      throws IOException {
    List<Fd> opened = new ArrayList<>();
    try {
      for (Path lower : lowers(imageId)) {
        open(opened, lower);
      }
      List<Fd> lowers = List.copyOf(opened);
      Fd upper = open(opened, directory.upper());
      Fd work = open(opened, directory.work());
      if (ephemeral) {
        forgetVolatileMount(directory);
      }
      return overlay.mount(
          OverlayLayers.writable(lowers, upper, work),
          OverlayOptions.DEFAULT.withVolatile(ephemeral));
    } finally {
      opened.forEach(Fd::close);
    }
  }

  /** The image's own tree, for looking only; the caller's. */
  public Fd view(String imageId) throws IOException {
    List<Fd> lowers = new ArrayList<>();
    try {
      for (Path lower : imageLayers(imageId)) {
        open(lowers, lower);
      }
      return lowers.size() == 1
          ? lowers.getFirst().duplicate()
          : overlay.mount(OverlayLayers.readOnly(lowers), OverlayOptions.DEFAULT);
    } finally {
      lowers.forEach(Fd::close);
    }
  }

  /** A container's files, to be read beside whatever else happens to it. */
  public ContainerTree tree(String imageId, ContainerDirectory directory) throws IOException {
    return new ContainerTree(
        directory.upper(), lowers(imageId), OverlayMarks.TRUSTED, ArchiveLimits.DEFAULT.maxDepth());
  }

  private static Fd open(List<Fd> opened, Path path) throws KernelException {
    Fd fd = FileOpen.path(path.toString(), DIRECTORY);
    opened.add(fd);
    return fd;
  }

  /**
   * A volatile layer cannot be mounted again while its marker is there
   * (Documentation/filesystems/overlayfs.rst). Here the machine has not crashed in between: the run
   * directory, gone at reboot, would be gone with it and the container with that.
   */
  private static void forgetVolatileMount(ContainerDirectory directory) throws IOException {
    Path marker = directory.work().resolve("work/incompat/volatile");
    if (Files.exists(marker)) {
      Files.delete(marker);
      Files.delete(marker.getParent());
    }
  }
}
