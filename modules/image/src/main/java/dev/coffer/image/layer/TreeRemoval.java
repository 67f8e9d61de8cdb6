package dev.coffer.image.layer;

import dev.coffer.kernel.Directory;
import dev.coffer.kernel.DirectoryEntry;
import dev.coffer.kernel.Errno;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileAttributes;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.FileTree;
import dev.coffer.kernel.FileType;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.OpenFlags;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Removes whole trees, however deep, with a bounded number of descriptors: below a certain depth a
 * directory that is not empty is moved up next to the tree's top and dealt with later. Links are
 * never followed.
 */
public final class TreeRemoval {
  private static final int MAX_DEPTH = 32;
  private static final int FLAGS = OpenFlags.RDONLY | OpenFlags.DIRECTORY | OpenFlags.NOFOLLOW;

  private final Fd trash;
  private final AtomicLong number = new AtomicLong();

  /**
   * @param trash a directory on the same file system that holds nothing but what may go; stays the
   *     caller's
   */
  public TreeRemoval(Fd trash) {
    this.trash = trash;
  }

  /** Takes a name away, whatever it is; what it was is only removed by {@link #empty}. */
  public void discard(Fd directory, String name) throws KernelException {
    while (true) {
      try {
        FileTree.renameNew(directory, name, trash, "discarded-" + number.getAndIncrement());
        return;
      } catch (KernelException e) {
        // A name that an earlier process left.
        if (!e.is(Errno.EEXIST)) {
          throw e;
        }
      }
    }
  }

  /** Removes all that was discarded, by this process or an earlier one. */
  public void empty() throws KernelException {
    while (removeOnce()) {}
  }

  /** One pass; whether there may be more to remove. */
  private boolean removeOnce() throws KernelException {
    boolean more = false;
    for (DirectoryEntry entry : Directory.list(trash)) {
      if (!remove(trash, entry)) {
        removeTree(trash, entry, 1);
        more = true;
      }
    }
    return more;
  }

  /** Removes what can be reached within the depth, and discards the rest. */
  private void removeTree(Fd parent, DirectoryEntry entry, int depth) throws KernelException {
    Fd opened;
    try {
      opened = open(parent, entry.name());
    } catch (KernelException e) {
      // Emptied by another thread.
      if (e.is(Errno.ENOENT)) {
        return;
      }
      throw e;
    }
    try (Fd directory = opened) {
      for (DirectoryEntry child : Directory.list(directory)) {
        if (remove(directory, child)) {
          continue;
        }
        if (depth < MAX_DEPTH) {
          removeTree(directory, child, depth + 1);
        } else {
          makeAccessible(directory, child.name());
          discard(directory, child.name());
        }
      }
    }
    boolean ignored = remove(parent, entry);
  }

  private static Fd open(Fd parent, String name) throws KernelException {
    try {
      return FileOpen.at(parent, name, FLAGS, 0);
    } catch (KernelException e) {
      if (!e.is(Errno.EACCES)) {
        throw e;
      }
      makeAccessible(parent, name);
      return FileOpen.at(parent, name, FLAGS, 0);
    }
  }

  private static void makeAccessible(Fd directory, String name) throws KernelException {
    FileAttributes.changeMode(directory, name, 0700);
  }

  /** False when it is a directory that is not empty. */
  private static boolean remove(Fd directory, DirectoryEntry entry) throws KernelException {
    boolean isDirectory = entry.type() == FileType.DIRECTORY;
    try {
      if (isDirectory) {
        FileTree.removeDirectory(directory, entry.name());
      } else {
        FileTree.remove(directory, entry.name());
      }
      return true;
    } catch (KernelException e) {
      if (e.is(Errno.ENOENT)) {
        return true;
      }
      boolean full = e.is(Errno.ENOTEMPTY) || e.is(Errno.EEXIST);
      if (isDirectory ? full : e.is(Errno.EISDIR)) {
        return false;
      }
      throw e;
    }
  }
}
