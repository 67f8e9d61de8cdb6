package dev.coffer.cli.server;

import dev.coffer.cli.request.CallerFiles;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileStat;
import dev.coffer.kernel.Stat;
import dev.coffer.runtime.protocol.Request;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a request says of its caller, in the form that commands want. */
final class Caller {

  private static final String ROOT = "/";

  private Caller() {}

  /** The caller's files, valid until the request is closed. */
  static CallerFiles files(Request request, long ownMountNamespace) throws IOException {
    Path directory = Path.of(request.workingDirectory().procPath());
    Path root = Path.of(request.rootDirectory().procPath());
    boolean sameView = request.mountNamespace() == ownMountNamespace && hasOurRoot(request);
    return new CallerFiles(Files.readSymbolicLink(directory), directory, root, sameView);
  }

  /**
   * Whether the caller's root directory is the calling thread's. The same directory reached through
   * another mount is not: what is mounted in the one need not be in the other.
   */
  static boolean hasOurRoot(Request request) throws IOException {
    Stat theirs = FileStat.of(request.rootDirectory());
    Stat ours = FileStat.at(Fd.CWD, ROOT);
    return theirs.isSameFile(ours) && theirs.mountId() == ours.mountId();
  }

  /** The caller's environment; of a name that is there twice the first counts, as in getenv(3). */
  static Map<String, String> environment(List<String> entries) {
    Map<String, String> environment = LinkedHashMap.newLinkedHashMap(entries.size());
    for (String entry : entries) {
      int equals = entry.indexOf('=');
      if (equals > 0) {
        environment.putIfAbsent(entry.substring(0, equals), entry.substring(equals + 1));
      }
    }
    return environment;
  }

  /** The inode that names this process's own mount namespace. */
  static long ownMountNamespace() throws IOException {
    String name = Files.readSymbolicLink(Path.of("/proc/self/ns/mnt")).toString();
    return Long.parseLong(name.substring(name.indexOf('[') + 1, name.length() - 1));
  }

  /**
   * When a process started, in the kernel's clock ticks since boot (field 22 of /proc/PID/stat, see
   * proc_pid_stat(5)).
   *
   * @param process a pid or {@code self}
   */
  static long startTicks(String process) throws IOException {
    String stat = Files.readString(Path.of("/proc", process, "stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return Long.parseLong(fields[19]);
  }
}
