package dev.coffer.image.tree;

import dev.coffer.image.tree.MergedDirectory.Found;
import dev.coffer.kernel.Errno;
import dev.coffer.kernel.ExtendedAttributes;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileAttributes;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.FileStat;
import dev.coffer.kernel.FileTree;
import dev.coffer.kernel.FileType;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.OpenFlags;
import dev.coffer.kernel.Stat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Copies a tree that a stranger wrote, by descriptors: symbolic links are copied and never
 * followed. Kept are owners, modes, times, extended attributes, hard links within the tree, and
 * holes.
 */
public final class TreeCopy {
  private static final int READ_DIRECTORY =
      OpenFlags.RDONLY | OpenFlags.DIRECTORY | OpenFlags.NOFOLLOW;
  private static final int LOOK_DIRECTORY =
      OpenFlags.PATH | OpenFlags.DIRECTORY | OpenFlags.NOFOLLOW;
  private static final int NEW =
      OpenFlags.WRONLY | OpenFlags.CREAT | OpenFlags.EXCL | OpenFlags.NOFOLLOW;
  private static final int MAX_DEPTH = 512;
  private static final int PRIVATE_FILE = 0600;
  private static final int PRIVATE_DIRECTORY = 0700;

  private final Fd target;
  private final FileCopy files = new FileCopy();
  private final Map<Inode, List<String>> linked = new HashMap<>();
  private final Deque<String> path = new ArrayDeque<>();

  private record Inode(long device, long number) {}

  private TreeCopy(Fd target) {
    this.target = target;
  }

  /**
   * Copies what is in a directory, and the directory's own attributes.
   *
   * @param from open for reading
   * @param to open for reading, empty
   * @throws IOException when something cannot be copied; what was copied until then stays
   */
  public static void copy(Fd from, Fd to) throws IOException {
    try (MergedDirectory source = MergedDirectory.of(from)) {
      new TreeCopy(to).directory(source, to);
    }
  }

  /**
   * Copies what layers show together: whiteouts and opaque directories have done their work and are
   * not copied.
   *
   * @param layers topmost first
   * @param to open for reading, empty
   * @throws IOException when something cannot be copied; what was copied until then stays
   */
  public static void merge(List<Path> layers, Fd to) throws IOException {
    merge(layers, OverlayMarks.TRUSTED, to);
  }

  static void merge(List<Path> layers, OverlayMarks marks, Fd to) throws IOException {
    try (MergedDirectory source = MergedDirectory.open(layers, marks)) {
      new TreeCopy(to).directory(source, to);
    }
  }

  private void directory(MergedDirectory from, Fd to) throws IOException {
    if (path.size() > MAX_DEPTH) {
      throw new IOException("directories are nested deeper than " + MAX_DEPTH);
    }
    for (String name : from.names()) {
      Optional<Found> found = from.find(name);
      if (found.isPresent()) {
        path.addLast(name);
        try (Found source = found.get()) {
          node(source, to, name);
        }
        path.removeLast();
      }
    }
    // Last: whatever is made in a directory changes its times.
    attributes(from.topmost(), to);
  }

  private void node(Found source, Fd to, String name) throws IOException {
    if (source.directory().isPresent()) {
      FileTree.makeDirectory(to, name, PRIVATE_DIRECTORY);
      try (Fd made = FileOpen.at(to, name, READ_DIRECTORY, 0)) {
        directory(source.directory().get(), made);
      }
    } else if (!isLinked(source.stat(), to, name)) {
      file(source, to, name);
    }
  }

  /** The second name of a file becomes a link to the first. */
  private boolean isLinked(Stat stat, Fd to, String name) throws KernelException {
    if (stat.links() < 2) {
      return false;
    }
    Inode inode = new Inode(stat.device(), stat.inode());
    List<String> first = linked.putIfAbsent(inode, List.copyOf(path));
    if (first == null) {
      return false;
    }
    // Name by name: a path may be longer than the kernel takes at once.
    Fd at = target.duplicate();
    try {
      for (String each : first.subList(0, first.size() - 1)) {
        Fd next = FileOpen.at(at, each, LOOK_DIRECTORY, 0);
        at.close();
        at = next;
      }
      FileTree.link(at, first.getLast(), to, name);
    } finally {
      at.close();
    }
    return true;
  }

  private void file(Found source, Fd to, String name) throws IOException {
    Stat stat = source.stat();
    switch (stat.type()) {
      case REGULAR -> {
        try (Fd made = FileOpen.at(to, name, NEW, PRIVATE_FILE)) {
          files.copy(source.fd(), made, stat.size());
          attributes(source.fd(), made);
        }
      }
      case SYMBOLIC_LINK -> {
        FileTree.makeSymbolicLink(FileTree.readSymbolicLink(source.fd(), ""), to, name);
        attributesOfName(source, to, name);
      }
      case FIFO, SOCKET, CHARACTER_DEVICE, BLOCK_DEVICE -> {
        FileTree.makeNode(to, name, stat.type().bits() | PRIVATE_FILE, stat.represented());
        attributesOfName(source, to, name);
      }
      case DIRECTORY, NONE -> {}
    }
  }

  /** The owner goes first: a change of owner clears the set-user-id bit and file capabilities. */
  private static void attributes(Fd from, Fd to) throws KernelException {
    Stat stat = FileStat.of(from);
    FileAttributes.changeOwner(to, stat.uid(), stat.gid());
    FileAttributes.changeMode(to, stat.permissions());
    extendedAttributes(from, to);
    FileAttributes.changeTimes(to, stat.accessed(), stat.modified());
  }

  private static void attributesOfName(Found source, Fd to, String name) throws KernelException {
    Stat stat = source.stat();
    FileAttributes.changeOwner(to, name, stat.uid(), stat.gid());
    if (stat.type() != FileType.SYMBOLIC_LINK) {
      FileAttributes.changeMode(to, name, stat.permissions());
    }
    try (Fd made = FileOpen.at(to, name, OpenFlags.PATH | OpenFlags.NOFOLLOW, 0)) {
      extendedAttributes(source.fd(), made);
    }
    FileAttributes.changeTimes(to, name, stat.accessed(), stat.modified());
  }

  private static void extendedAttributes(Fd from, Fd to) throws KernelException {
    for (Map.Entry<String, byte[]> each : TreeNode.attributes(from).entrySet()) {
      try {
        ExtendedAttributes.set(to, each.getKey(), each.getValue());
      } catch (KernelException e) {
        // As where layers are unpacked: a file system without them is no reason to refuse.
        if (!e.is(Errno.EOPNOTSUPP)) {
          throw e;
        }
      }
    }
  }
}
