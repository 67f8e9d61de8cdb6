package dev.coffer.runtime.oci;

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
   * process is in, as far as the caller sees, counts as gone with all its mounts.
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
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path process : processes) {
        Optional<Fd> found = of(process);
        if (found.isPresent()) {
          return found;
        }
      }
      return Optional.empty();
    }
  }

  private Optional<Fd> of(Path process) throws IOException {
    Fd opened;
    try {
      opened = FileOpen.path(process.resolve("ns/mnt").toString(), OpenFlags.RDONLY);
    } catch (KernelException e) {
      // It has ended, or is not the caller's to look at.
      return Optional.empty();
    }
    if (name.equals("mnt:[" + FileStat.of(opened).inode() + "]")) {
      return Optional.of(opened);
    }
    opened.close();
    return Optional.empty();
  }
}
