package dev.coffer.image.snapshot;

import dev.coffer.image.ArchiveLimits;
import dev.coffer.image.tree.ContainerTree;
import dev.coffer.image.tree.TreeCopy;
import dev.coffer.kernel.Errno;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileData;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.MountAttribute;
import dev.coffer.kernel.Mounts;
import dev.coffer.kernel.OpenFlags;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Snapshots by copying: a base is the image's layers merged into one tree and furnished, a snapshot
 * a copy of that. Needs no more of a host than directories and a bind mount. File systems that can
 * share blocks between files (btrfs, XFS) do so here; on others each container takes what its image
 * takes.
 *
 * <pre>
 *   bases/&lt;hex&gt;/                    rootfs
 *   containers/&lt;id&gt;/                rootfs; copied, as old as the copy; mounted, once an ephemeral one was
 * </pre>
 */
public final class CopySnapshotter implements Snapshotter {
  private static final int DIRECTORY = OpenFlags.RDONLY | OpenFlags.DIRECTORY;
  private static final String ROOTFS = "rootfs";
  private static final String COPIED = "copied";
  private static final String MOUNTED = "mounted";

  private final OncePerImage bases;
  private final Furnishing furnishing;

  /**
   * Snapshots that are copies.
   *
   * @param bases directory of the merged trees
   */
  public CopySnapshotter(Path bases, Furnishing furnishing) {
    this.bases = new OncePerImage(bases);
    this.furnishing = furnishing;
  }

  @Override
  public SnapshotKind kind() {
    return SnapshotKind.COPY;
  }

  @Override
  public List<Path> base(String imageId, List<Path> layers) throws IOException {
    return List.of(bases.of(imageId, unfinished -> merge(unfinished, layers)).resolve(ROOTFS));
  }

  private void merge(Path place, List<Path> layers) throws IOException {
    try (Fd root = make(place.resolve(ROOTFS))) {
      TreeCopy.merge(layers, root);
      furnishing.furnish(root);
      // What is copied from for ever must not be half there after a power cut.
      FileData.syncFileSystem(root);
    }
  }

  private static Fd make(Path directory) throws IOException {
    return FileOpen.path(Files.createDirectory(directory).toString(), DIRECTORY);
  }

  @Override
  public List<Path> unused(Predicate<String> isImage) throws IOException {
    return bases.unused(isImage);
  }

  @Override
  public void prepare(Path container, List<Path> base, boolean ephemeral) throws IOException {
    try (Fd from = FileOpen.path(base.getFirst().toString(), DIRECTORY);
        Fd root = make(container.resolve(ROOTFS))) {
      TreeCopy.copy(from, root);
      Files.createFile(container.resolve(COPIED));
      if (!ephemeral) {
        FileData.syncFileSystem(root);
      }
    }
  }

  /**
   * A mount of its own, so that it can be a root, and private: a container must not share mounts
   * with the file system that its files are on, nor its restrictions.
   */
  @Override
  public Fd mount(Path container, List<Path> base, boolean ephemeral) throws IOException {
    if (ephemeral && !wasMounted(container)) {
      Files.createFile(container.resolve(MOUNTED));
    }
    try (Fd root = FileOpen.path(container.resolve(ROOTFS).toString(), DIRECTORY)) {
      Fd mount = Mounts.clone(root, false);
      try {
        Mounts.setAttributes(mount, false, 0, 0, Mounts.PRIVATE);
        lift(mount);
        return mount;
      } catch (KernelException e) {
        mount.close();
        throw e;
      }
    }
  }

  /** In a user namespace the restrictions of a mount that came with it cannot be lifted. */
  private static void lift(Fd mount) throws KernelException {
    try {
      int restrictions =
          MountAttribute.NO_SUID | MountAttribute.NO_DEVICES | MountAttribute.NO_EXEC;
      Mounts.setAttributes(mount, false, 0, restrictions, 0);
    } catch (KernelException e) {
      if (!e.is(Errno.EPERM)) {
        throw e;
      }
    }
  }

  @Override
  public Fd view(String imageId, List<Path> layers) throws IOException {
    return FileOpen.path(
        base(imageId, layers).getFirst().toString(), OpenFlags.PATH | OpenFlags.DIRECTORY);
  }

  @Override
  public Fd mountView(String imageId, List<Path> layers) throws IOException {
    try (Fd base = view(imageId, layers)) {
      return ReadOnlyMount.of(base);
    }
  }

  @Override
  public ContainerTree tree(Path container, List<Path> base) throws IOException {
    return ContainerTree.ofCopy(
        container.resolve(ROOTFS),
        base,
        Files.getLastModifiedTime(container.resolve(COPIED)).toInstant(),
        ArchiveLimits.DEFAULT.maxDepth());
  }

  @Override
  public boolean wasMounted(Path container) {
    return Files.exists(container.resolve(MOUNTED));
  }

  /** To find out is as much work as what it would save. */
  @Override
  public boolean mayHaveChanged(Path container, String name) {
    return true;
  }

  @Override
  public Path files(Path container) {
    return container.resolve(ROOTFS);
  }

  @Override
  public Map<String, String> description(Path container, List<Path> base) {
    return Map.of("Dir", container.resolve(ROOTFS).toString());
  }
}
