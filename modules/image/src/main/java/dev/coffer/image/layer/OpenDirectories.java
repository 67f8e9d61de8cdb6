package dev.coffer.image.layer;

import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.OpenFlags;
import java.util.LinkedHashMap;

/**
 * Descriptors of the directories that were used last. Each is opened by its one name from its
 * parent's descriptor and never through a link.
 */
final class OpenDirectories implements AutoCloseable {
  private static final int FLAGS = OpenFlags.RDONLY | OpenFlags.DIRECTORY | OpenFlags.NOFOLLOW;
  private static final int CAPACITY = 64;

  private final Fd root;
  private final LinkedHashMap<DirectoryNode, Fd> open = new LinkedHashMap<>(CAPACITY, 0.75f, true);

  /** The root stays the caller's. */
  OpenDirectories(Fd root) {
    this.root = root;
  }

  /** A descriptor that lives until the next call of this method. */
  Fd of(DirectoryNode node) throws KernelException {
    if (node.isRoot()) {
      return root;
    }
    Fd known = open.get(node);
    if (known != null) {
      return known;
    }
    Fd opened = FileOpen.at(of(node.parent()), node.name(), FLAGS, 0);
    if (open.size() >= CAPACITY) {
      open.pollFirstEntry().getValue().close();
    }
    open.put(node, opened);
    return opened;
  }

  /** Forgets a directory that is about to be removed, and those below it. */
  void forget(DirectoryNode node) {
    Fd known = open.remove(node);
    if (known != null) {
      known.close();
    }
    node.children().forEach(this::forget);
  }

  @Override
  public void close() {
    open.values().forEach(Fd::close);
    open.clear();
  }
}
