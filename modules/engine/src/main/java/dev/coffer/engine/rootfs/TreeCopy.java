package dev.coffer.engine.rootfs;

import dev.coffer.kernel.Directory;
import dev.coffer.kernel.DirectoryEntry;
import dev.coffer.kernel.Errno;
import dev.coffer.kernel.ExtendedAttributes;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileAttributes;
import dev.coffer.kernel.FileData;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.FileStat;
import dev.coffer.kernel.FileTree;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.OpenFlags;
import dev.coffer.kernel.Stat;
import java.io.IOException;
import java.util.OptionalLong;

/**
 * Copies a tree that a stranger wrote, by descriptors: links are copied and never followed. Owner,
 * mode, times and extended attributes are kept.
 */
public final class TreeCopy {

  private static final int OPEN_DIRECTORY =
      OpenFlags.RDONLY | OpenFlags.DIRECTORY | OpenFlags.NOFOLLOW;
  private static final int MAX_DEPTH = 256;
  private static final long CHUNK = 1L << 30;
  private static final int SEEK_SET = 0;
  private static final int SEEK_DATA = 3;
  private static final int SEEK_HOLE = 4;
  private static final int PRIVATE = 0x180;

  private TreeCopy() {}

  /**
   * Copies what is in a directory, and the directory's own attributes.
   *
   * @param from open for reading
   * @param to open for reading, empty
   * @throws IOException when something cannot be copied; what was copied until then stays
   */
  public static void copy(Fd from, Fd to) throws IOException {
    copy(from, to, 0);
  }

  private static void copy(Fd from, Fd to, int depth) throws IOException {
    if (depth > MAX_DEPTH) {
      throw new IOException("directories in the image are nested deeper than " + MAX_DEPTH);
    }
    for (DirectoryEntry entry : Directory.list(from)) {
      Stat stat = FileStat.at(from, entry.name());
      switch (stat.type()) {
        case DIRECTORY -> directory(from, to, entry.name(), depth);
        case REGULAR -> file(from, to, entry.name(), stat);
        case SYMBOLIC_LINK -> {
          FileTree.makeSymbolicLink(
              FileTree.readSymbolicLink(from, entry.name()), to, entry.name());
          FileAttributes.changeOwner(to, entry.name(), stat.uid(), stat.gid());
        }
        case FIFO, SOCKET, CHARACTER_DEVICE, BLOCK_DEVICE -> {
          FileTree.makeNode(to, entry.name(), stat.mode(), stat.represented());
          FileAttributes.changeOwner(to, entry.name(), stat.uid(), stat.gid());
          FileAttributes.changeMode(to, entry.name(), stat.permissions());
        }
        case NONE -> {}
      }
    }
    attributes(from, to, FileStat.of(from));
  }

  private static void directory(Fd from, Fd to, String name, int depth) throws IOException {
    FileTree.makeDirectory(to, name, PRIVATE | 0x40);
    try (Fd source = FileOpen.at(from, name, OPEN_DIRECTORY, 0);
        Fd target = FileOpen.at(to, name, OPEN_DIRECTORY, 0)) {
      copy(source, target, depth + 1);
    }
  }

  private static void file(Fd from, Fd to, String name, Stat stat) throws IOException {
    int read = OpenFlags.RDONLY | OpenFlags.NOFOLLOW | OpenFlags.NONBLOCK;
    int make = OpenFlags.WRONLY | OpenFlags.CREAT | OpenFlags.EXCL | OpenFlags.NOFOLLOW;
    try (Fd source = FileOpen.at(from, name, read, 0);
        Fd target = FileOpen.at(to, name, make, PRIVATE)) {
      data(source, target, stat.size());
      attributes(source, target, stat);
    }
  }

  /** Holes stay holes: a file may claim to be larger than any disk. */
  private static void data(Fd source, Fd target, long size) throws IOException {
    for (long at = 0; at < size; ) {
      OptionalLong next = nextData(source, at);
      if (next.isEmpty()) {
        break;
      }
      long end = Math.min(FileData.seek(source, next.getAsLong(), SEEK_HOLE), size);
      FileData.seek(source, next.getAsLong(), SEEK_SET);
      FileData.seek(target, next.getAsLong(), SEEK_SET);
      for (long left = end - next.getAsLong(); left > 0; ) {
        long count = FileData.send(source, target, Math.min(left, CHUNK));
        if (count == 0) {
          break;
        }
        left -= count;
      }
      at = end;
    }
    FileData.truncate(target, size);
  }

  private static OptionalLong nextData(Fd source, long from) throws IOException {
    try {
      return OptionalLong.of(FileData.seek(source, from, SEEK_DATA));
    } catch (KernelException e) {
      if (e.is(Errno.ENXIO)) {
        return OptionalLong.empty();
      }
      throw e;
    }
  }

  /** The owner goes first: a change of owner clears the set-user-id bit and file capabilities. */
  private static void attributes(Fd from, Fd to, Stat stat) throws IOException {
    FileAttributes.changeOwner(to, stat.uid(), stat.gid());
    FileAttributes.changeMode(to, stat.permissions());
    for (String name : ExtendedAttributes.list(from)) {
      if (!name.startsWith("trusted.overlay.") && !name.startsWith("user.overlay.")) {
        ExtendedAttributes.set(to, name, ExtendedAttributes.get(from, name).orElse(new byte[0]));
      }
    }
    FileAttributes.changeTimes(to, stat.accessed(), stat.modified());
  }
}
