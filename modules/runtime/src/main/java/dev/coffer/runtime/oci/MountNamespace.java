package dev.coffer.runtime.oci;

import dev.coffer.kernel.Errno;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.FileStat;
import dev.coffer.kernel.FileTree;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.Namespaces;
import dev.coffer.kernel.OpenFlags;
import dev.coffer.kernel.OtherThread;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A mount namespace that was seen before.
 *
 * @param name as its link in {@code /proc/PID/ns} reads
 */
record MountNamespace(String name) {
  /** That of the thread, which sees what its caller does (the engine's others need not). */
  static MountNamespace own() throws IOException {
    return new MountNamespace(FileTree.readSymbolicLink(Fd.CWD, "/proc/thread-self/ns/mnt"));
  }

  /** What is done in it. */
  interface Action {
    /** Does it. */
    void run() throws IOException;
  }

  /**
   * Does something in it, by a thread that ends with that, if the caller is not in it. One that no
   * process is in counts as gone with all its mounts.
   *
   * @throws IOException where it cannot be entered, or may be that of a process that the caller may
   *     not look at
   */
  void visit(Action action) throws IOException {
    if (equals(own())) {
      action.run();
      return;
    }
    Optional<Fd> found = find();
    if (found.isPresent()) {
      try (Fd mounts = found.get()) {
        MountNamespace _ =
            OtherThread.call(
                "mount-namespace",
                () -> {
                  Namespaces.enterMounts(mounts);
                  action.run();
                  return this;
                });
      }
    }
  }

  private Optional<Fd> find() throws IOException {
    boolean sawAll = true;
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path process : processes) {
        try {
          Optional<Fd> found = of(process);
          if (found.isPresent()) {
            return found;
          }
        } catch (KernelException e) {
          if (e.is(Errno.EACCES) || e.is(Errno.EPERM)) {
            sawAll = false;
          } else if (!e.is(Errno.ENOENT) && !e.is(Errno.ESRCH)) {
            throw e;
          }
        }
      }
    }
    if (!sawAll) {
      throw new IOException("no process is known to be in that");
    }
    return Optional.empty();
  }

  private Optional<Fd> of(Path process) throws KernelException {
    Fd opened = FileOpen.path(process.resolve("ns/mnt").toString(), OpenFlags.RDONLY);
    try {
      if (name.equals("mnt:[" + FileStat.of(opened).inode() + "]")) {
        return Optional.of(opened);
      }
    } catch (KernelException e) {
      opened.close();
      throw e;
    }
    opened.close();
    return Optional.empty();
  }
}
