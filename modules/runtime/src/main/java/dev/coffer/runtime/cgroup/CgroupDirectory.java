package dev.coffer.runtime.cgroup;

import dev.coffer.kernel.Directory;
import dev.coffer.kernel.DirectoryEntry;
import dev.coffer.kernel.Errno;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.FileTree;
import dev.coffer.kernel.FileType;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.OpenFlags;
import dev.coffer.kernel.ProcFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A cgroup in one hierarchy. What is gone reads as empty: cgroups vanish under their readers.
 *
 * @param name its absolute path
 */
record CgroupDirectory(String name) {
  private static final int MODE = 0755;

  static CgroupDirectory of(Path path) {
    return new CgroupDirectory(path.toString());
  }

  Path path() {
    return Path.of(name);
  }

  boolean exists() {
    try {
      return FileTree.isThere(Fd.CWD, name);
    } catch (KernelException noName) {
      return false;
    }
  }

  CgroupDirectory child(String child) {
    return new CgroupDirectory(file(child));
  }

  private String file(String file) {
    return name + "/" + file;
  }

  /** The cgroup of that name below, made if there is none. */
  CgroupDirectory makeChild(String child) throws IOException {
    CgroupDirectory made = child(child);
    boolean ignored = FileTree.makeDirectoryIfAbsent(Fd.CWD, made.name, MODE);
    return made;
  }

  /** Gives a cpuset of version 1 that is as it was born what the one above it has. */
  void inheritCpus(CgroupDirectory parent) throws IOException {
    for (String setting : List.of("cpuset.cpus", "cpuset.mems")) {
      Optional<String> inherited = parent.read(setting);
      if (inherited.isPresent() && read(setting).equals(Optional.of(""))) {
        boolean ignored = write(setting, inherited.get());
      }
    }
  }

  /** The names of the cgroups directly below. */
  List<String> children() throws IOException {
    try (Fd directory = FileOpen.path(name, OpenFlags.RDONLY | OpenFlags.DIRECTORY)) {
      return Directory.list(directory).stream()
          .filter(entry -> entry.type() == FileType.DIRECTORY)
          .map(DirectoryEntry::name)
          .toList();
    } catch (KernelException e) {
      if (isGone(e)) {
        return List.of();
      }
      throw e;
    }
  }

  /** The processes in it and below it. */
  Set<Integer> processes() throws IOException {
    Set<Integer> pids = new TreeSet<>();
    try {
      read("cgroup.procs")
          .ifPresent(
              text -> text.lines().map(Integer::valueOf).filter(p -> p > 0).forEach(pids::add));
    } catch (KernelException e) {
      // A threaded cgroup, which those in a container may make: one above it lists its processes.
      if (!e.is(Errno.EOPNOTSUPP)) {
        throw e;
      }
    }
    for (String child : children()) {
      pids.addAll(child(child).processes());
    }
    return pids;
  }

  /** A file's text without the last newline; empty where the file or the cgroup is not there. */
  Optional<String> read(String file) throws IOException {
    try {
      return Optional.of(ProcFile.read(file(file)).stripTrailing());
    } catch (KernelException e) {
      if (isGone(e)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** Writes a file; false where the file or the cgroup is not there. */
  boolean write(String file, String value) throws IOException {
    try {
      ProcFile.write(file(file), value);
      return true;
    } catch (KernelException e) {
      if (isGone(e)) {
        return false;
      }
      throw e;
    }
  }

  /** Writes a file of it, and then of those below. */
  void writeAll(String file, String value) throws IOException {
    boolean ignored = write(file, value);
    for (String child : children()) {
      child(child).writeAll(file, value);
    }
  }

  /** Removes it and those below; false where the kernel still holds one of them. */
  boolean remove() throws IOException {
    // Most have none below: those are looked for only where they must be.
    if (removeAlone()) {
      return true;
    }
    List<String> children = children();
    for (String child : children) {
      boolean ignored = child(child).remove();
    }
    return !children.isEmpty() && removeAlone();
  }

  private boolean removeAlone() throws IOException {
    try {
      FileTree.removeDirectory(Fd.CWD, name);
      return true;
    } catch (KernelException e) {
      if (e.is(Errno.ENOENT)) {
        return true;
      }
      if (e.is(Errno.EBUSY)) {
        return false;
      }
      throw e;
    }
  }

  private static boolean isGone(KernelException e) {
    return e.is(Errno.ENOENT) || e.is(Errno.ENODEV);
  }
}
