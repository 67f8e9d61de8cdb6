package dev.coffer.runtime.oci;

import dev.coffer.kernel.CurrentProcess;
import dev.coffer.kernel.Directory;
import dev.coffer.kernel.DirectoryEntry;
import dev.coffer.kernel.Errno;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.FileStat;
import dev.coffer.kernel.FileTree;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.OpenFlags;
import dev.coffer.kernel.Stat;
import dev.coffer.runtime.file.FileLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The directory that has one for each container.
 *
 * @param path absolute; made with the first container
 */
record StateRoot(Path path) {
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_+.-]+");
  private static final int LONGEST_ID = 255;
  private static final int ROOT_MODE = 0700;
  private static final int MODE = 0700;
  private static final int STICKY = 01000;

  /**
   * Makes a container's directory, which reserves its id.
   *
   * @throws OciException where the id is taken or no id
   */
  StateDirectory create(String id) throws IOException {
    Path directory = path.resolve(checked(id));
    makeRoot(path);
    requireOwn(path, STICKY);
    if (!FileTree.makeDirectoryIfAbsent(Fd.CWD, directory.toString(), MODE)) {
      throw taken(id);
    }
    return new StateDirectory(directory);
  }

  static OciException taken(String id) {
    return new OciException(
        "cannot create container \"" + id + "\": a container with that id exists");
  }

  private static void makeRoot(Path root) throws IOException {
    if (Files.isDirectory(root)) {
      return;
    }
    if (root.getParent() != null) {
      makeRoot(root.getParent());
    }
    try {
      FileTree.makeDirectory(Fd.CWD, root.toString(), ROOT_MODE);
    } catch (KernelException e) {
      if (e.is(Errno.EACCES)) {
        throw new OciException(
            "cannot make \""
                + root
                + "\" for the containers' states: permission denied"
                + " (set XDG_RUNTIME_DIR to a directory of your own, or use --root DIR)",
            e);
      }
      if (!e.is(Errno.EEXIST)) {
        throw e;
      }
    }
  }

  /** Takes away what a removal that was cut short has left of a container. */
  void finishRemoval(String id) throws IOException {
    new StateDirectory(path.resolve(checked(id))).finishRemoval();
  }

  /** Whether an id is taken, by whomever. */
  boolean has(String id) throws IOException {
    return FileStat.find(Fd.CWD, path.resolve(checked(id)).toString()).isPresent();
  }

  /**
   * A container's directory, where there is one.
   *
   * @throws OciException where it is another user's: what it says is done with the caller's rights
   */
  Optional<StateDirectory> find(String id) throws IOException {
    Path directory = path.resolve(checked(id));
    try {
      requireOwn(path, STICKY);
      requireOwn(directory, 0);
    } catch (KernelException e) {
      if (e.is(Errno.ENOENT) || e.is(Errno.ENOTDIR)) {
        return Optional.empty();
      }
      throw e;
    }
    return Optional.of(new StateDirectory(directory));
  }

  /**
   * A container's directory.
   *
   * @throws OciException where there is none, or it is another user's
   */
  StateDirectory get(String id) throws IOException {
    return find(id).orElseThrow(() -> missing(id));
  }

  /**
   * A container's directory, whosever it is, for those who do nothing but show what it says.
   *
   * @throws OciException where there is none
   */
  StateDirectory show(String id) {
    Path directory = path.resolve(checked(id));
    if (!Files.isDirectory(directory)) {
      throw missing(id);
    }
    return new StateDirectory(directory);
  }

  private static OciException missing(String id) {
    return new OciException("cannot find \"" + id + "\": container does not exist");
  }

  /** Whether nobody but the caller or root has put there what is there. */
  static boolean isOwn(Stat stat) {
    return stat.uid() == 0 || stat.uid() == CurrentProcess.effectiveUid();
  }

  /**
   * Passes a directory of the caller's or of root's, and what a link to it leads to.
   *
   * @param trusted a bit of the mode with which anybody may own it
   */
  private static void requireOwn(Path directory, int trusted) throws IOException {
    try (Fd opened = FileOpen.path(directory.toString(), OpenFlags.PATH | OpenFlags.DIRECTORY)) {
      for (Stat stat : List.of(FileStat.of(opened), FileStat.at(Fd.CWD, directory.toString()))) {
        if (!isOwn(stat) && (stat.permissions() & trusted) == 0) {
          throw new OciException(
              "cannot use \"%s\": it belongs to user %d (call as that user, or use --root DIR)"
                  .formatted(directory, stat.uid()));
        }
      }
    }
  }

  /** What is done with all containers' directories. */
  interface Visit<T> {
    T make(List<StateDirectory> all) throws IOException;
  }

  /**
   * Does something with all containers' directories, by id. They are looked up from this one, which
   * is open meanwhile.
   */
  <T> T visit(Visit<T> visit) throws IOException {
    Fd opened;
    try {
      opened = FileOpen.path(path.toString(), OpenFlags.RDONLY | OpenFlags.DIRECTORY);
    } catch (KernelException e) {
      if (e.is(Errno.ENOENT)) {
        return visit.make(List.of());
      }
      throw e;
    }
    try (Fd root = opened) {
      return visit.make(list(root));
    }
  }

  private List<StateDirectory> list(Fd root) throws IOException {
    List<StateDirectory> all = new ArrayList<>();
    for (DirectoryEntry entry : Directory.list(root)) {
      if (isDirectory(entry) && !entry.name().endsWith(StateDirectory.DOOMED)) {
        all.add(new StateDirectory(path.resolve(entry.name()), root, entry.name()));
      }
    }
    all.sort((one, other) -> one.path().compareTo(other.path()));
    return all;
  }

  /** What one verb holds at a time, for what concerns several containers. */
  FileLock lock() throws IOException {
    int flags = OpenFlags.RDONLY | OpenFlags.DIRECTORY;
    return FileLock.exclusive(FileOpen.path(path.toString(), flags));
  }

  /** The roots that are mounted where others see them, of all containers but one. */
  List<RootMount> rootMounts(String except) throws IOException {
    return visit(all -> rootMounts(all, except));
  }

  private static List<RootMount> rootMounts(List<StateDirectory> all, String except)
      throws IOException {
    List<RootMount> mounts = new ArrayList<>();
    for (StateDirectory each : all) {
      if (!each.id().equals(except) && isOwn(each)) {
        each.record().flatMap(ContainerRecord::rootMount).ifPresent(mounts::add);
      }
    }
    return mounts;
  }

  private static boolean isOwn(StateDirectory directory) throws IOException {
    try {
      return isOwn(FileStat.at(Fd.CWD, directory.path().toString()));
    } catch (KernelException e) {
      // It has been deleted since it was listed.
      if (e.is(Errno.ENOENT)) {
        return false;
      }
      throw e;
    }
  }

  private boolean isDirectory(DirectoryEntry entry) {
    return switch (entry.type()) {
      case DIRECTORY -> true;
      case NONE, SYMBOLIC_LINK -> Files.isDirectory(path.resolve(entry.name()));
      case REGULAR, FIFO, SOCKET, CHARACTER_DEVICE, BLOCK_DEVICE -> false;
    };
  }

  /**
   * An id that is a file's name and nothing else.
   *
   * @throws OciException where it is none
   */
  static String checked(String id) {
    if (id.length() > LONGEST_ID
        || !ID.matcher(id).matches()
        || id.equals(".")
        || id.equals("..")) {
      throw new OciException(
          "invalid container id \"" + id + "\": letters, digits and _ + - . are allowed");
    }
    return id;
  }
}
