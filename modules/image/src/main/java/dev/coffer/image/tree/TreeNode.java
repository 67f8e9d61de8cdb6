package dev.coffer.image.tree;

import dev.coffer.kernel.Directory;
import dev.coffer.kernel.DirectoryEntry;
import dev.coffer.kernel.ExtendedAttributes;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.FileStat;
import dev.coffer.kernel.FileTree;
import dev.coffer.kernel.FileType;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.OpenFlags;
import dev.coffer.kernel.Stat;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a path of a container's tree leads to: a file, or a directory with a part in the container's
 * own layer, in those below it, or in both. For one thread.
 */
final class TreeNode implements AutoCloseable {
  private static final int READ = OpenFlags.RDONLY | OpenFlags.DIRECTORY;

  private final ContainerTree tree;
  private final Fd fd;
  private final Stat stat;
  private final boolean own;
  private final boolean moved;
  private final Optional<Fd> upper;
  private final Optional<MergedDirectory> below;

  private TreeNode(
      ContainerTree tree,
      Fd fd,
      Stat stat,
      boolean own,
      boolean moved,
      Optional<Fd> upper,
      Optional<MergedDirectory> below) {
    this.tree = tree;
    this.fd = fd;
    this.stat = stat;
    this.own = own;
    this.moved = moved;
    this.upper = upper;
    this.below = below;
  }

  static TreeNode root(ContainerTree tree, Fd upper, Optional<MergedDirectory> below)
      throws KernelException {
    return new TreeNode(tree, upper, FileStat.of(upper), true, false, Optional.of(upper), below);
  }

  /** For attributes; opened with {@code O_PATH} where it is no directory of the container's own. */
  Fd fd() {
    return fd;
  }

  Stat stat() {
    return stat;
  }

  boolean isDirectory() {
    return stat.type() == FileType.DIRECTORY;
  }

  /** Whether the container's own layer has it, or a part of it. */
  boolean isOwn() {
    return own;
  }

  /** Whether it is a directory that shows nothing of what lower layers have at its path. */
  boolean isMoved() {
    return moved;
  }

  /** All names in a directory. */
  SortedSet<String> names() throws KernelException {
    SortedSet<String> names =
        below.isPresent() ? new TreeSet<>(below.get().names()) : new TreeSet<>();
    if (upper.isPresent()) {
      for (DirectoryEntry entry : Directory.list(upper.get())) {
        if (entry.type() == FileType.CHARACTER_DEVICE && isRemoved(entry.name())) {
          names.remove(entry.name());
        } else {
          names.add(entry.name());
        }
      }
    }
    return names;
  }

  /** The names that the container's own layer has in a directory, of removals among them. */
  SortedSet<String> ownNames() throws KernelException {
    SortedSet<String> names = new TreeSet<>();
    if (upper.isPresent()) {
      Directory.list(upper.get()).forEach(entry -> names.add(entry.name()));
    }
    return names;
  }

  /** Whether the container has removed what lower layers have under a name. */
  boolean isRemoved(String name) throws KernelException {
    Optional<Fd> there = MergedDirectory.look(upper.orElseThrow(), name);
    if (there.isEmpty()) {
      return tree.isWhole();
    }
    try (Fd mark = there.get()) {
      return OverlayMarks.isWhiteout(FileStat.of(mark));
    }
  }

  /** What a name leads to; empty where nothing is, or nothing any more. */
  Optional<TreeNode> find(String name) throws KernelException {
    Optional<Fd> mine =
        upper.isPresent() ? MergedDirectory.look(upper.get(), name) : Optional.empty();
    if (mine.isEmpty()) {
      Optional<MergedDirectory.Found> found =
          below.isPresent() ? below.get().find(name) : Optional.empty();
      return found.map(
          it ->
              new TreeNode(
                  tree, it.fd(), it.stat(), false, false, Optional.empty(), it.directory()));
    }
    Fd there = mine.get();
    try {
      Stat its = FileStat.of(there);
      if (OverlayMarks.isWhiteout(its)) {
        there.close();
        return Optional.empty();
      }
      if (its.type() != FileType.DIRECTORY) {
        return Optional.of(
            new TreeNode(tree, there, its, true, false, Optional.empty(), Optional.empty()));
      }
      return Optional.of(ownDirectory(there, its, name));
    } catch (KernelException e) {
      there.close();
      throw e;
    }
  }

  private TreeNode ownDirectory(Fd there, Stat its, String name) throws KernelException {
    if (tree.isWhole()) {
      // Marks in it are the container's own doing, and mean nothing.
      Fd readable = FileOpen.reopen(there, READ);
      there.close();
      return new TreeNode(
          tree, readable, its, true, false, Optional.of(readable), Optional.empty());
    }
    boolean opaque = tree.marks().isOpaque(there);
    Optional<String> redirect = opaque ? Optional.empty() : tree.marks().redirect(there);
    Fd readable = FileOpen.reopen(there, READ);
    try {
      Optional<MergedDirectory> lower = opaque ? Optional.empty() : lower(redirect.orElse(name));
      there.close();
      return new TreeNode(
          tree, readable, its, true, opaque || redirect.isPresent(), Optional.of(readable), lower);
    } catch (KernelException e) {
      readable.close();
      throw e;
    }
  }

  private Optional<MergedDirectory> lower(String place) throws KernelException {
    if (!place.startsWith("/")) {
      return below.isPresent() ? below.get().directory(place) : Optional.empty();
    }
    List<String> path = Arrays.stream(place.split("/")).filter(each -> !each.isEmpty()).toList();
    return path.isEmpty() ? Optional.empty() : inLowerRoot(path);
  }

  private Optional<MergedDirectory> inLowerRoot(List<String> path) throws KernelException {
    try (MergedDirectory root = tree.lowerRoot()) {
      return root.directory(path);
    }
  }

  /** Extended attributes that belong to the file, sorted. */
  SortedMap<String, byte[]> attributes() throws KernelException {
    return attributes(fd);
  }

  static SortedMap<String, byte[]> attributes(Fd of) throws KernelException {
    SortedMap<String, byte[]> attributes = new TreeMap<>();
    for (String name : ExtendedAttributes.list(of)) {
      // A label of the host's policy is no part of an image.
      if (!OverlayMarks.isMark(name) && !name.equals("security.selinux")) {
        ExtendedAttributes.get(of, name).ifPresent(value -> attributes.put(name, value));
      }
    }
    return attributes;
  }

  /** The target of a symbolic link. */
  String target() throws KernelException {
    return FileTree.readSymbolicLink(fd, "");
  }

  @Override
  public void close() {
    fd.close();
    upper.ifPresent(Fd::close);
    below.ifPresent(MergedDirectory::close);
  }
}
