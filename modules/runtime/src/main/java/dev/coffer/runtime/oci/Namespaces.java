package dev.coffer.runtime.oci;

import dev.coffer.kernel.Errno;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileTree;
import dev.coffer.kernel.KernelException;
import dev.coffer.spec.runtime.NamespaceType;
import java.io.IOException;
import java.util.Optional;

/** The namespaces of processes, as namespaces(7) names them. */
final class Namespaces {
  private Namespaces() {}

  /** The name of a process's namespace; empty where the kernel has none of that type. */
  static Optional<String> name(int pid, NamespaceType type) throws IOException {
    String file =
        switch (type) {
          case PID -> "pid";
          case NETWORK -> "net";
          case MOUNT -> "mnt";
          case IPC -> "ipc";
          case UTS -> "uts";
          case USER -> "user";
          case CGROUP -> "cgroup";
          case TIME -> "time";
        };
    try {
      return Optional.of(FileTree.readSymbolicLink(Fd.CWD, "/proc/" + pid + "/ns/" + file));
    } catch (KernelException e) {
      if (e.is(Errno.ENOENT)) {
        return Optional.empty();
      }
      throw e;
    }
  }
}
