package dev.coffer.testkit;

import dev.coffer.kernel.ProcFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a container engine may leave behind on a host, as lines of text: processes of Coffer,
 * mounts, cgroups, network namespaces, sockets, and the contents of given directories.
 */
record HostState(SortedSet<String> lines) {
  private static final Pattern OWN_PROCESS = Pattern.compile("coffer|container");
  private static final int DEPTH = 3;

  static HostState now(LeakCheck.Scope scope, Collection<Path> directories) throws IOException {
    SortedSet<String> lines = new TreeSet<>();
    children(lines);
    for (Path directory : directories) {
      contents(directory, lines);
    }
    if (scope == LeakCheck.Scope.HOST) {
      host(lines);
    }
    return new HostState(lines);
  }

  private static void host(SortedSet<String> lines) throws IOException {
    processes(lines);
    for (String line : ProcFile.read("/proc/self/mountinfo").lines().toList()) {
      lines.add("mount " + line.split(" ", -1)[4]);
    }
    cgroups(lines);
    sockets(lines);
  }

  private static void children(SortedSet<String> lines) {
    ProcessHandle.current()
        .descendants()
        .forEach(child -> lines.add("child " + child.pid() + " " + command(child)));
  }

  /** Processes of Coffer's name, and those in network namespaces of their own. */
  private static void processes(SortedSet<String> lines) throws IOException {
    String ownNetwork = namespace(Path.of("/proc/self"), "net");
    try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path process : all) {
        String name = comm(process);
        if (OWN_PROCESS.matcher(name).find()) {
          lines.add("process " + process.getFileName() + " " + name);
        }
        String network = namespace(process, "net");
        if (!network.isEmpty() && !network.equals(ownNetwork)) {
          lines.add("network namespace " + network);
        }
      }
    }
  }

  private static String command(ProcessHandle process) {
    return comm(Path.of("/proc", Long.toString(process.pid())));
  }

  private static String comm(Path process) {
    try {
      return ProcFile.read(process.resolve("comm").toString()).strip();
    } catch (IOException gone) {
      return "";
    }
  }

  private static String namespace(Path process, String kind) {
    try {
      return Files.readSymbolicLink(process.resolve("ns").resolve(kind)).toString();
    } catch (IOException gone) {
      return "";
    }
  }

  private static void cgroups(SortedSet<String> lines) throws IOException {
    for (String line : ProcFile.read("/proc/self/mountinfo").lines().toList()) {
      if (line.contains(" - cgroup")) {
        Path own = Path.of(line.split(" ", -1)[4], "coffer");
        below(own, DEPTH).forEach(path -> lines.add("cgroup " + path));
      }
    }
  }

  /** Listening sockets of a name with "coffer" in it, see {@code proc_net(5)}. */
  private static void sockets(SortedSet<String> lines) throws IOException {
    for (String line : ProcFile.read("/proc/self/net/unix").lines().toList()) {
      String[] words = line.split(" +", -1);
      if (words.length > 7 && words[7].contains("coffer")) {
        lines.add("socket " + words[7]);
      }
    }
  }

  private static void contents(Path directory, SortedSet<String> lines) throws IOException {
    below(directory, Integer.MAX_VALUE).forEach(path -> lines.add("file " + path));
  }

  private static List<String> below(Path directory, int depth) throws IOException {
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      return List.of();
    }
    try (Stream<Path> walk = Files.walk(directory, depth)) {
      return walk.filter(path -> !path.equals(directory))
          .filter(path -> !path.startsWith("/sys/fs/cgroup") || Files.isDirectory(path))
          .map(Path::toString)
          .collect(Collectors.toList());
    } catch (UncheckedIOException gone) {
      return List.of();
    }
  }
}
