package dev.coffer.image.snapshot;

import dev.coffer.image.tree.ContainerTree;
import dev.coffer.kernel.Fd;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Makes the root file systems of containers.
 *
 * <p>The <em>layers</em> of an image are directories as the store unpacks them, given topmost
 * first; nobody writes to them. A <em>base</em> is what containers of one image stand on: it is
 * made of the layers once for each image, together with what an engine puts into all of them, and
 * never changes. A <em>snapshot</em> is the writable root of one container over a base. It lives in
 * the container's own directory and has nothing outside of it but mounts that nobody has attached,
 * so it is removed with that directory.
 *
 * <pre>
 * List&lt;Path&gt; base = snapshotter.base(imageId, layers);   once for an image; cheap after that
 * snapshotter.prepare(container, base, false);            once for a container
 * try (Fd root = snapshotter.mount(container, base, false)) {
 *   …                                                     at each start, by one at a time
 * }
 * snapshotter.tree(container, base).changes();            whenever, beside whatever writes to it
 * </pre>
 *
 * <p>A process may be killed, and the machine go down, at any point: a base appears whole or not at
 * all. A snapshot that was not prepared to its end must not be used; its container does not exist
 * yet. Any number of threads may call, but {@link #mount} one container's at a time.
 */
public interface Snapshotter {

  /** Which one it is. */
  SnapshotKind kind();

  /**
   * The base of an image, made where it is missing.
   *
   * @param imageId {@code sha256:} and the digest of its config
   * @param layers topmost first, at least one
   * @return directories that hold it, topmost first
   */
  List<Path> base(String imageId, List<Path> layers) throws IOException;

  /** The bases, and what was left of making some, of which no image is there any more. */
  List<Path> unused(Predicate<String> isImage) throws IOException;

  /**
   * Makes the snapshot of a container, which has what the base has.
   *
   * @param container the container's directory, without a snapshot
   * @param base what {@link #base} said
   * @param ephemeral whether it need not outlive the machine; else it does, once this has returned
   */
  void prepare(Path container, List<Path> base, boolean ephemeral) throws IOException;

  /**
   * A detached mount of a snapshot; the caller's. Nobody else may have it mounted.
   *
   * @param ephemeral as it was prepared
   */
  Fd mount(Path container, List<Path> base, boolean ephemeral) throws IOException;

  /**
   * The tree of an image, to be looked into and not written to; the caller's. It need not be a
   * mount, and may have what a base has beyond the image.
   *
   * @param layers topmost first, at least one
   */
  Fd view(String imageId, List<Path> layers) throws IOException;

  /**
   * A detached mount of the tree that {@link #view} shows, read-only; the caller's. Set-user-id
   * bits and device nodes mean nothing in it.
   *
   * @param layers topmost first, at least one
   */
  Fd mountView(String imageId, List<Path> layers) throws IOException;

  /** The files of a snapshot, and what of them is not as in its base. */
  ContainerTree tree(Path container, List<Path> base) throws IOException;

  /** Whether a snapshot that was prepared as ephemeral has ever been mounted. */
  boolean wasMounted(Path container);

  /** Whether a name in the root, or something below it, may be other than in the base. */
  boolean mayHaveChanged(Path container, String name);

  /**
   * The directory whose files are the snapshot's own: what it needs of the disk is what they need.
   */
  Path files(Path container);

  /** What a person may want to know of where it is kept, by the words that Docker has for it. */
  Map<String, String> description(Path container, List<Path> base);
}
