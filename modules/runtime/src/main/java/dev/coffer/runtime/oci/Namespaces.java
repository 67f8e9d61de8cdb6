package dev.coffer.runtime.oci;

import dev.coffer.kernel.Errno;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileTree;
import dev.coffer.kernel.KernelException;
import dev.coffer.spec.runtime.Namespace;
import dev.coffer.spec.runtime.NamespaceType;
import dev.coffer.spec.runtime.Spec;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The namespaces of processes, as namespaces(7) names them. */
final class Namespaces {
  private Namespaces() {}

  /**
   * The namespaces that a container is to have, without those that it would only share with its
   * creator: to "join" one of these is to have the host's, which the plan has to know (it must not
   * be renamed, reconfigured or given another root). User namespaces stay; the kernel refuses.
   *
   * @param caller pid of the creator
   */
  static List<Namespace> withoutOwn(List<Namespace> wanted, int caller) throws IOException {
    List<Namespace> foreign = new ArrayList<>();
    for (Namespace each : wanted) {
      Optional<String> path = each.path().filter(_ -> each.type() != NamespaceType.USER);
      if (path.isEmpty() || !isOwn(each.type(), path.get(), caller)) {
        foreign.add(each);
      }
    }
    return foreign;
  }

  /** Whether a container has a mount namespace, new or joined, that is not its creator's. */
  static boolean hasMounts(List<Namespace> foreign) {
    return foreign.stream().anyMatch(each -> each.type() == NamespaceType.MOUNT);
  }

  /** Whether its first process has the root of its mount namespace, which is the container's. */
  static boolean ownsRoot(Spec spec) {
    return spec.linux()
        .flatMap(linux -> linux.namespace(NamespaceType.MOUNT))
        .filter(each -> each.path().isEmpty())
        .isPresent();
  }

  private static boolean isOwn(NamespaceType type, String path, int caller) throws IOException {
    Path asked = Path.of(path.replaceFirst("^/proc/(thread-)?self/", "/proc/" + caller + "/"));
    try {
      // A process has ended, or the kernel has no such kind: the plan says so in its own words.
      return Files.isSameFile(asked, Path.of("/proc", Integer.toString(caller), "ns", file(type)));
    } catch (NoSuchFileException | AccessDeniedException e) {
      return false;
    }
  }

  /** Whether a container has a pid namespace of its own: all in it end with the first process. */
  static boolean ownsPids(Spec spec) {
    return spec.linux()
        .flatMap(linux -> linux.namespace(NamespaceType.PID))
        .filter(each -> each.path().isEmpty())
        .isPresent();
  }

  /** The name of a process's namespace; empty where the kernel has none of that type. */
  static Optional<String> name(int pid, NamespaceType type) throws IOException {
    try {
      return Optional.of(FileTree.readSymbolicLink(Fd.CWD, "/proc/" + pid + "/ns/" + file(type)));
    } catch (KernelException e) {
      if (e.is(Errno.ENOENT)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** The processes in a namespace, of those that this process may ask, by ascending pid. */
  static Set<Integer> members(NamespaceType type, String name) throws IOException {
    Set<Integer> pids = new TreeSet<>();
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[1-9]*")) {
      for (Path process : processes) {
        int pid = Integer.parseInt(process.getFileName().toString());
        if (nameIfReadable(pid, type).equals(Optional.of(name))) {
          pids.add(pid);
        }
      }
    }
    return pids;
  }

  private static Optional<String> nameIfReadable(int pid, NamespaceType type) throws IOException {
    try {
      return name(pid, type);
    } catch (KernelException e) {
      if (e.is(Errno.EACCES) || e.is(Errno.ESRCH)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** Its name in a process's directory {@code ns}. */
  static String file(NamespaceType type) {
    return switch (type) {
      case PID -> "pid";
      case NETWORK -> "net";
      case MOUNT -> "mnt";
      case IPC -> "ipc";
      case UTS -> "uts";
      case USER -> "user";
      case CGROUP -> "cgroup";
      case TIME -> "time";
    };
  }
}
