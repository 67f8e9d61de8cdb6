package dev.coffer.engine.lifecycle;

import dev.coffer.engine.state.ContainerConfig;
import dev.coffer.engine.state.StateStore;
import dev.coffer.image.Image;
import dev.coffer.image.ImageStore;
import dev.coffer.image.snapshot.SnapshotKind;
import dev.coffer.image.snapshot.Snapshotter;
import dev.coffer.image.snapshot.Snapshotters;
import dev.coffer.image.tree.ContainerTree;
import dev.coffer.kernel.Fd;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The root file systems of containers: snapshots over the layers of their images. */
public final class RootFilesystem {

  private final ImageStore images;
  private final StateStore store;
  private final Snapshotters snapshotters;

  /** Has those of the containers of this store. */
  public RootFilesystem(ImageStore images, StateStore store, Snapshotters snapshotters) {
    this.images = images;
    this.store = store;
    this.snapshotters = snapshotters;
  }

  /** How new containers have theirs. */
  public SnapshotKind forNew() throws IOException {
    return snapshotters.forNew();
  }

  /** Makes a new container's, in its directory. */
  public void prepare(ContainerConfig config) throws IOException {
    of(config).prepare(directory(config), base(config), config.isEphemeral());
  }

  /**
   * A detached mount of a container's root; the caller's. Nobody else may have it mounted for
   * writing.
   */
  public Fd mount(ContainerConfig config) throws IOException {
    return of(config).mount(directory(config), base(config), config.isEphemeral());
  }

  /** The image's own tree, for looking only; the caller's. */
  public Fd view(String imageId) throws IOException {
    return snapshotters.of(forNew()).view(imageId, layers(imageId));
  }

  /** A detached, read-only mount of the image's own tree; the caller's. */
  public Fd mountView(String imageId) throws IOException {
    return snapshotters.of(forNew()).mountView(imageId, layers(imageId));
  }

  /** A container's files, to be read beside whatever else happens to it. */
  public ContainerTree tree(ContainerConfig config) throws IOException {
    return of(config).tree(directory(config), base(config));
  }

  /** Whether an ephemeral container's root has ever been mounted. */
  public boolean wasMounted(ContainerConfig config) {
    return of(config).wasMounted(directory(config));
  }

  /** Whether a container may have other than its image under a name in the root. */
  public boolean mayHaveChanged(ContainerConfig config, String name) {
    return of(config).mayHaveChanged(directory(config), name);
  }

  /** The directory of what is a container's own. */
  public Path ownFiles(ContainerConfig config) {
    return of(config).files(directory(config));
  }

  /** Where a container's root is kept, for people; nothing when its image is gone. */
  public Map<String, String> description(ContainerConfig config) {
    try {
      return of(config).description(directory(config), base(config));
    } catch (IOException gone) {
      return Map.of();
    }
  }

  private Snapshotter of(ContainerConfig config) {
    return snapshotters.of(config.snapshotKind());
  }

  private Path directory(ContainerConfig config) {
    return store.directory(config.id()).path();
  }

  private List<Path> base(ContainerConfig config) throws IOException {
    return of(config).base(config.imageId(), layers(config.imageId()));
  }

  private List<Path> layers(String imageId) throws IOException {
    Image image = images.resolve(imageId, Optional.empty());
    return images.layers(image).reversed();
  }
}
