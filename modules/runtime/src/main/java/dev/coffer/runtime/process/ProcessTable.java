package dev.coffer.runtime.process;

import dev.coffer.kernel.Errno;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.ProcFile;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Reads processes out of /proc, see {@code proc_pid_stat(5)}. */
public final class ProcessTable {
  /** {@code USER_HZ}: what the kernel counts in towards user space on both machines. */
  private static final int TICKS_PER_SECOND = 100;

  private static final long PAGE_SIZE = 4096;
  private static final int PTS_FIRST_MAJOR = 136;
  private static final int PTS_LAST_MAJOR = 143;
  private static final int TTY_MAJOR = 4;

  private ProcessTable() {}

  /** Those of these processes that live, in the given order. */
  public static List<ProcessInfo> read(Collection<Integer> pids) throws IOException {
    Instant boot = bootTime();
    List<ProcessInfo> processes = new ArrayList<>();
    for (int pid : pids) {
      read(pid, boot).ifPresent(processes::add);
    }
    return List.copyOf(processes);
  }

  private static Optional<ProcessInfo> read(int pid, Instant boot) throws IOException {
    String directory = "/proc/" + pid + "/";
    try {
      return Optional.of(
          parse(
              ProcFile.read(directory + "stat"),
              ProcFile.read(directory + "status"),
              ProcFile.read(directory + "cmdline"),
              boot));
    } catch (KernelException e) {
      if (e.is(Errno.ENOENT) || e.is(Errno.ESRCH)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  static ProcessInfo parse(String stat, String status, String arguments, Instant boot) {
    // The name stands in parentheses and may hold any character, parentheses included.
    int open = stat.indexOf('(');
    int close = stat.lastIndexOf(')');
    String name = stat.substring(open + 1, close);
    String[] fields = stat.substring(close + 2).split(" ", -1);
    return new ProcessInfo(
        Integer.parseInt(stat.substring(0, open).strip()),
        Integer.parseInt(fields[1]),
        effectiveUid(status),
        fields[0].charAt(0),
        terminal(Integer.parseInt(fields[4])),
        boot.plus(ticks(fields[19])),
        ticks(fields[11]).plus(ticks(fields[12])),
        Long.parseLong(fields[21]) * PAGE_SIZE,
        Integer.parseInt(fields[17]),
        command(name, arguments));
  }

  private static String command(String name, String arguments) {
    String text = arguments.replace('\0', ' ').strip();
    return text.isEmpty() ? "[" + name + "]" : text;
  }

  private static int effectiveUid(String status) {
    String line =
        status.lines().filter(each -> each.startsWith("Uid:")).findFirst().orElse("Uid:\t0\t0");
    return Integer.parseUnsignedInt(line.split("\t", -1)[2]);
  }

  /** The number is packed as the kernel does it inside: minor 0-7 and 20-31, major 8-19. */
  private static String terminal(int number) {
    int major = (number >>> 8) & 0xfff;
    int minor = (number & 0xff) | ((number >>> 12) & 0xfff00);
    if (major >= PTS_FIRST_MAJOR && major <= PTS_LAST_MAJOR) {
      return "pts/" + (((major - PTS_FIRST_MAJOR) << 8) + minor);
    }
    return major == TTY_MAJOR ? "tty" + minor : "?";
  }

  private static Duration ticks(String number) {
    return Duration.ofMillis(Long.parseLong(number) * 1000 / TICKS_PER_SECOND);
  }

  private static Instant bootTime() throws IOException {
    return ProcFile.read("/proc/stat")
        .lines()
        .filter(line -> line.startsWith("btime "))
        .map(line -> Instant.ofEpochSecond(Long.parseLong(line.substring(6).strip())))
        .findFirst()
        .orElseThrow(() -> new IOException("cannot read /proc/stat: no line btime"));
  }
}
