package dev.coffer.conformance.oci;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * System calls that {@code strace} lets fail, or at which it kills the process: the nth of a kind,
 * counted in each process of a command by itself.
 */
final class Faults {

  /** What can fail for real; what only a broken kernel refuses (close, getpid) is left out. */
  private static final Set<String> CALLS =
      Set.of(
          """
          open openat openat2 read write mkdirat mknodat symlinkat faccessat readlink stat fstat
          fstatfs ftruncate fcntl dup2 dup3 memfd_create sendfile mmap ioctl getrandom
          fsopen fsconfig fsmount move_mount open_tree mount_setattr pivot_root umount2 chdir fchdir
          execveat clone3 setns setsid socketpair sendmsg recvmsg poll waitid signalfd4
          sethostname prctl capset setgroups setresgid setresuid prlimit64 keyctl seccomp
          """
              .split("\\s+"));

  private static final Pattern LINE = Pattern.compile("(\\d+) +(?:<\\.\\.\\. )?(\\w+)(.*)");

  /** What is done to a call, in the words of {@code strace -e inject}. */
  static final List<String> ERRORS =
      List.of("error=EIO", "error=ENOSPC", "error=EMFILE", "error=ENOMEM", "error=EPERM");

  static final List<String> KILLS = List.of("signal=KILL");

  private Faults() {}

  /**
   * One of them.
   *
   * @param call the kind
   * @param nth from 1
   * @param what an element of {@link #ERRORS} or {@link #KILLS}
   * @param log where strace writes
   */
  record Fault(String call, int nth, String what, Path log) {

    /**
     * What runs a command with this fault. The command is its caller's child, strace is nobody's.
     */
    List<String> wrapper() {
      return traced(
          log,
          "-e",
          "trace=execve," + call,
          "-e",
          "inject=%s:%s:when=%d".formatted(call, what, nth));
    }

    boolean kills() {
      return KILLS.contains(what);
    }

    /** Whether it came to pass. */
    boolean hasHit() {
      return lines(log).stream().anyMatch(line -> line.contains("(INJECTED)") || kills());
    }

    /**
     * Whether it may have hit a container's program, which then cannot do what it is for: the first
     * process is the command itself, others are the runtime's until they execute something.
     */
    boolean mayHaveHitTheProgram() {
      Set<String> programs = new HashSet<>();
      List<String> lines = lines(log);
      String command = lines.isEmpty() ? "" : lines.getFirst().split(" ", 2)[0];
      for (String line : lines) {
        String pid = line.split(" ", 2)[0];
        if (line.contains("(INJECTED)") && programs.contains(pid)) {
          return true;
        }
        if (isExecution(line) && !pid.equals(command)) {
          programs.add(pid);
        }
      }
      return kills();
    }

    @Override
    public String toString() {
      return "%s of %s #%d".formatted(what, call, nth);
    }
  }

  /** What runs a command and writes down its calls. */
  static List<String> traced(Path log, String... more) {
    List<String> words =
        new ArrayList<>(List.of("strace", "-D", "-f", "-qq", "-o", log.toString()));
    words.addAll(List.of(more));
    return words;
  }

  /** How often the process that calls it most calls each, until it executes a program. */
  static Map<String, Integer> counts(Path log) {
    Map<String, Map<String, Integer>> processes = new HashMap<>();
    Set<String> programs = new HashSet<>();
    String command = "";
    for (String line : lines(log)) {
      Matcher parts = LINE.matcher(line);
      if (!parts.matches() || programs.contains(parts.group(1))) {
        continue;
      }
      String pid = parts.group(1);
      command = command.isEmpty() ? pid : command;
      if (isExecution(line) && !pid.equals(command)) {
        programs.add(pid);
      } else if (parts.group(3).startsWith("(") && CALLS.contains(parts.group(2))) {
        processes.computeIfAbsent(pid, _ -> new HashMap<>()).merge(parts.group(2), 1, Integer::sum);
      }
    }
    Map<String, Integer> most = new TreeMap<>();
    processes.values().forEach(each -> each.forEach((call, n) -> most.merge(call, n, Math::max)));
    return most;
  }

  /**
   * A sample, always the same of the same counts.
   *
   * @param every takes each so manieth kind of call
   * @param directory where logs go
   */
  static List<Fault> sample(
      Map<String, Integer> counts, int every, List<String> whats, Path directory) {
    List<Fault> faults = new ArrayList<>();
    int number = 0;
    for (Map.Entry<String, Integer> each : counts.entrySet()) {
      if (number++ % every == 0) {
        int nth = 1 + Math.floorMod(each.getKey().hashCode(), each.getValue());
        String what = whats.get(number % whats.size());
        Path log = directory.resolve("strace-" + each.getKey() + "-" + what);
        faults.add(new Fault(each.getKey(), nth, what, log));
      }
    }
    return faults;
  }

  private static boolean isExecution(String line) {
    return line.contains("execve") && !line.contains("execveat") && line.endsWith(" = 0");
  }

  private static List<String> lines(Path log) {
    try {
      return Files.exists(log) ? Files.readAllLines(log) : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
