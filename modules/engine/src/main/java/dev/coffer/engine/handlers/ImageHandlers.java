package dev.coffer.engine.handlers;

import dev.coffer.engine.EngineException;
import dev.coffer.engine.EngineException.Kind;
import dev.coffer.engine.command.ImageCommand.History;
import dev.coffer.engine.command.ImageCommand.Import;
import dev.coffer.engine.command.ImageCommand.InspectImage;
import dev.coffer.engine.command.ImageCommand.Load;
import dev.coffer.engine.command.ImageCommand.LoadLayout;
import dev.coffer.engine.command.ImageCommand.RemoveImage;
import dev.coffer.engine.command.ImageCommand.Save;
import dev.coffer.engine.command.ImageCommand.Tag;
import dev.coffer.engine.container.Container;
import dev.coffer.engine.container.ContainerIndex;
import dev.coffer.engine.inspect.ImageJson;
import dev.coffer.engine.lifecycle.ImageMounts;
import dev.coffer.engine.model.ImageDeletion;
import dev.coffer.engine.model.ImageHistoryEntry;
import dev.coffer.engine.model.ImageInspect;
import dev.coffer.image.Artifact;
import dev.coffer.image.HistoryStep;
import dev.coffer.image.Image;
import dev.coffer.image.ImageException;
import dev.coffer.image.ImageStore;
import dev.coffer.image.ImportOptions;
import dev.coffer.image.LoadResult;
import dev.coffer.image.RemoveOptions;
import dev.coffer.image.Removed;
import dev.coffer.spec.image.Digest;
import dev.coffer.spec.image.Platform;
import dev.coffer.spec.image.Reference;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The commands on images that only translate between the engine's terms and the store's. */
public final class ImageHandlers {

  private final ImageStore images;
  private final ContainerIndex containers;
  private final ImageMounts mounts;

  /** Handles with these. */
  public ImageHandlers(ImageStore images, ContainerIndex containers, ImageMounts mounts) {
    this.images = images;
    this.containers = containers;
    this.mounts = mounts;
  }

  /** Carries the command out. */
  public List<String> handle(Load command) {
    return Attempt.at(
        "cannot load images",
        () -> lines(images.load(command.archive(), platform(command.platform()))));
  }

  /** Carries the command out. */
  public List<String> handle(LoadLayout command) {
    return Attempt.at(
        "cannot load images",
        () -> lines(images.load(command.layout(), platform(command.platform()))));
  }

  private static List<String> lines(LoadResult loaded) {
    List<String> lines = new ArrayList<>();
    for (Image image : loaded.images()) {
      if (image.references().isEmpty()) {
        lines.add("Loaded image ID: " + image.id());
      }
      for (Reference reference : image.references()) {
        lines.add("Loaded image: " + reference.familiar());
      }
    }
    loaded.artifacts().forEach(name -> lines.add("Loaded artifact: " + name.familiar()));
    return List.copyOf(lines);
  }

  /** Carries the command out. */
  public Void handle(Save command) {
    return Attempt.at(
        "cannot save images",
        () -> {
          images.save(command.images(), platform(command.platform()), command.archive());
          return null;
        });
  }

  /** Carries the command out. */
  public String handle(Import command) {
    return Attempt.at(
        "cannot import image",
        () -> {
          Optional<Reference> reference =
              command.reference().map(text -> Reference.parse(text).orLatest());
          ImportOptions options =
              ImportOptions.of(
                  reference,
                  command.changes(),
                  command.message().orElse(""),
                  platform(command.platform()));
          return images.importRootfs(command.archive(), options).id().toString();
        });
  }

  /** Carries the command out. An image that a container needs stays, as with Docker. */
  public List<ImageDeletion> handle(RemoveImage command) {
    String what = "cannot remove image \"" + command.image() + "\"";
    return Attempt.at(
        what,
        () -> {
          Optional<Image> image = runnable(command.image());
          if (image.isPresent()) {
            refuseIfUsed(what, image.get(), command);
          }
          RemoveOptions options = new RemoveOptions(command.force(), this::isUsed);
          return inWords(images.remove(command.image(), options));
        });
  }

  /** What a removal took away, as users know it. */
  static List<ImageDeletion> inWords(List<Removed> all) {
    List<ImageDeletion> deletions = new ArrayList<>();
    for (Removed removed : all) {
      deletions.add(
          switch (removed) {
            case Removed.Untagged(Reference reference) ->
                new ImageDeletion.Untagged(reference.familiar());
            case Removed.Deleted(Digest id) -> new ImageDeletion.Deleted(id.toString());
          });
    }
    return List.copyOf(deletions);
  }

  /** What a name means to a container; an artifact means nothing to it, nor another machine's. */
  private Optional<Image> runnable(String nameOrId) throws ImageException {
    try {
      return Optional.of(images.resolve(nameOrId, Optional.empty()));
    } catch (ImageException e) {
      if (e.kind() == ImageException.Kind.NOT_SUPPORTED
          || e.kind() == ImageException.Kind.NO_SUCH_PLATFORM) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private void refuseIfUsed(String what, Image image, RemoveImage command) {
    boolean lastName = image.references().size() <= 1;
    if (lastName && mounts.isMounted(image.id())) {
      throw new EngineException(
          Kind.CONFLICT,
          what + ": it is mounted (coffer image unmount " + image.id().shortHex() + ")");
    }
    Optional<Container> user =
        containers.all().stream()
            .filter(container -> container.config().imageId().equals(image.id().toString()))
            .findFirst();
    if (user.isEmpty() || !lastName) {
      return;
    }
    boolean running = user.get().state().status().isUp();
    if (running || !command.force()) {
      throw new EngineException(
          Kind.CONFLICT,
          "%s: container \"%s\" %s it (%s)"
              .formatted(
                  what,
                  user.get().name(),
                  running ? "is running" : "uses",
                  running ? "stop and remove it" : "remove it, or use --force"));
    }
  }

  /** Whether a container needs an image, or its files are mounted. */
  public boolean isUsed(Digest id) {
    return mounts.isMounted(id)
        || containers.all().stream()
            .anyMatch(container -> container.config().imageId().equals(id.toString()));
  }

  /** Carries the command out. */
  public Void handle(Tag command) {
    return Attempt.at(
        "cannot tag image \"" + command.image() + "\"",
        () -> {
          images.tag(command.image(), Reference.parse(command.reference()).orLatest());
          return null;
        });
  }

  /** Carries the command out. */
  public List<ImageHistoryEntry> handle(History command) {
    return Attempt.at(
        "cannot show the history of image \"" + command.image() + "\"",
        () -> {
          Image image = images.resolve(command.image(), Optional.empty());
          List<ImageHistoryEntry> entries = new ArrayList<>();
          for (HistoryStep step : images.history(image)) {
            entries.add(entry(image, step));
          }
          return List.copyOf(entries);
        });
  }

  private static ImageHistoryEntry entry(Image image, HistoryStep step) {
    boolean newest = step.image().isPresent();
    return new ImageHistoryEntry(
        step.image().map(Digest::toString).orElse("<missing>"),
        step.entry().created().orElse(Instant.EPOCH),
        step.entry().createdBy(),
        step.sizeBytes(),
        step.entry().comment(),
        newest ? image.references().stream().map(Reference::familiar).toList() : List.of());
  }

  /** Carries the command out. */
  public ImageInspect handle(InspectImage command) {
    return Attempt.at(
        "cannot inspect image \"" + command.image() + "\"",
        () -> {
          Optional<Artifact> artifact = images.artifact(command.image());
          return new ImageInspect(
              artifact.isPresent()
                  ? ImageJson.of(artifact.get())
                  : ImageJson.of(images.resolve(command.image(), Optional.empty())));
        });
  }

  private static Optional<Platform> platform(Optional<String> text) {
    return text.filter(given -> !given.isEmpty()).map(Platform::parse);
  }
}
