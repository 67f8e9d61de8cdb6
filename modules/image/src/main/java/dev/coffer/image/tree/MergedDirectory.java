package dev.coffer.image.tree;

import dev.coffer.kernel.Directory;
import dev.coffer.kernel.DirectoryEntry;
import dev.coffer.kernel.Errno;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.FileStat;
import dev.coffer.kernel.FileType;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.OpenFlags;
import dev.coffer.kernel.Stat;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** A directory as overlayfs would merge it from read-only layers. For one thread. */
final class MergedDirectory implements AutoCloseable {
  private static final int LOOK = OpenFlags.PATH | OpenFlags.NOFOLLOW;
  private static final int READ = OpenFlags.RDONLY | OpenFlags.DIRECTORY;

  private final OverlayMarks marks;
  private final List<Fd> parts;

  /**
   * What a name leads to.
   *
   * @param fd opened with {@code O_PATH}
   * @param directory its merged content, when it is a directory
   */
  record Found(Fd fd, Stat stat, Optional<MergedDirectory> directory) implements AutoCloseable {
    @Override
    public void close() {
      fd.close();
      directory.ifPresent(MergedDirectory::close);
    }
  }

  private MergedDirectory(OverlayMarks marks, List<Fd> parts) {
    this.marks = marks;
    this.parts = parts;
  }

  /** The root of these layers, topmost first. */
  static MergedDirectory open(List<Path> layers, OverlayMarks marks) throws KernelException {
    MergedDirectory root = new MergedDirectory(marks, new ArrayList<>());
    try {
      for (Path layer : layers) {
        root.parts.add(FileOpen.path(layer.toString(), READ));
      }
      return root;
    } catch (KernelException e) {
      root.close();
      throw e;
    }
  }

  /** A single tree, of which nothing is hidden but whiteouts. */
  static MergedDirectory of(Fd root) throws KernelException {
    return new MergedDirectory(OverlayMarks.TRUSTED, List.of(FileOpen.reopen(root, READ)));
  }

  /** The part whose attributes it has. */
  Fd topmost() {
    return parts.getFirst();
  }

  /** All names that are to be seen. */
  SortedSet<String> names() throws KernelException {
    Set<String> decided = new HashSet<>();
    SortedSet<String> names = new TreeSet<>();
    for (Fd part : parts) {
      for (DirectoryEntry entry : Directory.list(part)) {
        if (decided.add(entry.name()) && !isWhiteout(part, entry)) {
          names.add(entry.name());
        }
      }
    }
    return names;
  }

  private static boolean isWhiteout(Fd part, DirectoryEntry entry) throws KernelException {
    return entry.type() == FileType.CHARACTER_DEVICE
        && OverlayMarks.isWhiteout(FileStat.at(part, entry.name()));
  }

  /** What a name leads to; the caller's to close. */
  Optional<Found> find(String name) throws KernelException {
    if (name.isEmpty() || name.equals(".") || name.equals("..") || name.indexOf('/') >= 0) {
      // A redirect is what a layer on the disk says.
      return Optional.empty();
    }
    List<Fd> merged = new ArrayList<>();
    Fd first = null;
    Stat firstStat = null;
    boolean done = false;
    try {
      for (int i = 0; i < parts.size() && !done; i++) {
        Optional<Fd> there = look(parts.get(i), name);
        if (there.isEmpty()) {
          continue;
        }
        Stat stat = FileStat.of(there.get());
        boolean directory = stat.type() == FileType.DIRECTORY;
        done = !directory || marks.isOpaque(there.get());
        boolean shown = first == null ? !OverlayMarks.isWhiteout(stat) : directory;
        if (shown && directory) {
          merged.add(FileOpen.reopen(there.get(), READ));
        }
        if (shown && first == null) {
          first = there.get();
          firstStat = stat;
        } else {
          there.get().close();
        }
      }
    } catch (KernelException e) {
      merged.forEach(Fd::close);
      if (first != null) {
        first.close();
      }
      throw e;
    }
    if (first == null) {
      return Optional.empty();
    }
    Optional<MergedDirectory> directory =
        merged.isEmpty() ? Optional.empty() : Optional.of(new MergedDirectory(marks, merged));
    return Optional.of(new Found(first, firstStat, directory));
  }

  /** The directory of a name, if it is one. */
  Optional<MergedDirectory> directory(String name) throws KernelException {
    Optional<Found> found = find(name);
    found.ifPresent(each -> each.fd().close());
    return found.flatMap(Found::directory);
  }

  /** The directory at a path of names, if there is one; the caller's, and never this one. */
  Optional<MergedDirectory> directory(List<String> path) throws KernelException {
    Optional<MergedDirectory> at = directory(path.getFirst());
    for (String name : path.subList(1, path.size())) {
      if (at.isEmpty()) {
        return at;
      }
      try (MergedDirectory above = at.get()) {
        at = above.directory(name);
      }
    }
    return at;
  }

  /** Opens a name to look at it, itself and not what it links to; empty where nothing is. */
  static Optional<Fd> look(Fd directory, String name) throws KernelException {
    try {
      return Optional.of(FileOpen.at(directory, name, LOOK, 0));
    } catch (KernelException e) {
      if (e.is(Errno.ENOENT)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  @Override
  public void close() {
    parts.forEach(Fd::close);
  }
}
