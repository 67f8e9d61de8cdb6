package dev.coffer.engine.command;

import dev.coffer.engine.model.BootstrapRequest;
import dev.coffer.engine.model.ImageDeletion;
import dev.coffer.engine.model.ImageHistoryEntry;
import dev.coffer.engine.model.ImageInspect;
import dev.coffer.engine.model.ImageSummary;
import dev.coffer.engine.model.ImageTree;
import dev.coffer.engine.model.MountedImage;
import dev.coffer.engine.model.NamedImage;
import dev.coffer.engine.model.PruneFilter;
import dev.coffer.engine.model.PrunedImages;
import dev.coffer.image.CheckReport;
import dev.coffer.image.registry.RegistryAccess;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Commands on images. {@code image} is a reference, a full id, or an unambiguous prefix of one.
 *
 * @param <R> what the command answers
 */
public sealed interface ImageCommand<R> extends Command<R> {

  /**
   * Lists images and artifacts, newest first.
   *
   * @param filters Docker's; {@code until} is a point in time (ISO 8601)
   */
  record ListImages(Map<String, List<String>> filters)
      implements ImageCommand<List<ImageSummary>> {}

  /** Lists the same by name, with the platforms that each name stands for. */
  record ListTrees(Map<String, List<String>> filters) implements ImageCommand<List<NamedImage>> {}

  /** Loads an archive (OCI layout or docker-archive); answers what was loaded, in words. */
  record Load(InputStream archive, Optional<String> platform)
      implements ImageCommand<List<String>> {}

  /** As {@link Load}, from the directory of an OCI image layout that the engine can see. */
  record LoadLayout(Path layout, Optional<String> platform) implements ImageCommand<List<String>> {}

  /**
   * Writes images as an archive that is a docker-archive and an OCI layout at once.
   *
   * @param platform of several platforms save only this one; when empty, all that the store has
   */
  record Save(List<String> images, Optional<String> platform, OutputStream archive)
      implements ImageCommand<Void> {}

  /** Makes an image of a root file system's tar; answers its id. */
  record Import(
      InputStream archive,
      Optional<String> reference,
      List<String> changes,
      Optional<String> message,
      Optional<String> platform)
      implements ImageCommand<String> {}

  /** Makes an image from a distribution's package archive; answers its id. */
  record Bootstrap(BootstrapRequest request, Consumer<String> messages)
      implements ImageCommand<String> {}

  /**
   * Checks all blobs, names and unpacked layers.
   *
   * @param repairFor on whose behalf what is damaged is fetched again; empty to change nothing
   */
  record CheckImages(Optional<RegistryAccess> repairFor) implements ImageCommand<CheckReport> {}

  /** Removes references and what nothing else needs. */
  record RemoveImage(String image, boolean force, boolean prune)
      implements ImageCommand<List<ImageDeletion>> {}

  /**
   * Removes images that no container has.
   *
   * @param all also those that have a name
   */
  record PruneImages(boolean all, PruneFilter filter) implements ImageCommand<PrunedImages> {}

  /**
   * Mounts an image's root file system read-only where the engine's user can look at it; answers
   * where. One that is mounted stays so.
   */
  record MountImage(String image) implements ImageCommand<MountedImage> {}

  /**
   * Takes that mount away again; answers the image's id, or nothing when it was not mounted.
   *
   * @param force also while something uses it, which keeps it until it lets go
   */
  record UnmountImage(String image, boolean force) implements ImageCommand<Optional<String>> {}

  /** The images that are mounted, by their names. */
  record MountedImages() implements ImageCommand<List<MountedImage>> {}

  /** Adds a reference to an image. */
  record Tag(String image, String reference) implements ImageCommand<Void> {}

  /** How an image was made, newest step first. */
  record History(String image) implements ImageCommand<List<ImageHistoryEntry>> {}

  /**
   * The layers of an image, who shares them, and the platforms that its name stands for.
   *
   * @param dependents also the layers that other images have on top of it
   */
  record ShowTree(String image, boolean dependents) implements ImageCommand<ImageTree> {}

  /** All that is known of an image. */
  record InspectImage(String image) implements ImageCommand<ImageInspect> {}
}
