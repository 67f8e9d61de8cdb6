package dev.coffer.engine.process;

import dev.coffer.engine.model.TopTable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The columns of {@code ps -ef}: UID PID PPID C STIME TTY TIME CMD. See proc(5). */
public final class ProcessTable {

  private static final List<String> TITLES =
      List.of("UID", "PID", "PPID", "C", "STIME", "TTY", "TIME", "CMD");

  /** USER_HZ, which is 100 on every architecture that Linux exports /proc for here. */
  private static final int TICKS_PER_SECOND = 100;

  private static final int PTS_MAJOR = 136;
  private static final Path PROC = Path.of("/proc");

  private ProcessTable() {}

  /** The table of these processes; those that ended meanwhile are left out. */
  public static TopTable of(Iterable<Integer> pids) throws IOException {
    Instant boot = bootTime();
    Map<Integer, String> users = users();
    List<List<String>> rows = new ArrayList<>();
    for (int pid : pids) {
      row(pid, boot, users).ifPresent(rows::add);
    }
    return new TopTable(TITLES, List.copyOf(rows));
  }

  private static Optional<List<String>> row(int pid, Instant boot, Map<Integer, String> users) {
    Path directory = PROC.resolve(Integer.toString(pid));
    try {
      String stat = Files.readString(directory.resolve("stat"), StandardCharsets.ISO_8859_1);
      // The name in brackets may hold anything, brackets and blanks included.
      int nameEnd = stat.lastIndexOf(')');
      String[] fields = stat.substring(nameEnd + 2).split(" ", -1);
      Duration cpu = ticks(Long.parseLong(fields[11]) + Long.parseLong(fields[12]));
      Instant started = boot.plus(ticks(Long.parseLong(fields[19])));
      int uid = (Integer) Files.getAttribute(directory, "unix:uid");
      return Optional.of(
          List.of(
              users.getOrDefault(uid, Integer.toString(uid)),
              Integer.toString(pid),
              fields[1],
              Long.toString(percent(cpu, started)),
              startTime(started),
              terminal(Integer.parseInt(fields[4])),
              clock(cpu),
              commandLine(directory, stat.substring(stat.indexOf('(') + 1, nameEnd))));
    } catch (IOException ended) {
      return Optional.empty();
    }
  }

  private static long percent(Duration cpu, Instant started) {
    long life = Duration.between(started, Instant.now()).toMillis();
    return life <= 0 ? 0 : Math.min(99, cpu.toMillis() * 100 / life);
  }

  private static String commandLine(Path directory, String name) throws IOException {
    byte[] raw = Files.readAllBytes(directory.resolve("cmdline"));
    String line = new String(raw, StandardCharsets.UTF_8).replace('\0', ' ').strip();
    return line.isEmpty() ? "[" + name + "]" : line;
  }

  private static String startTime(Instant started) {
    LocalDateTime local = LocalDateTime.ofInstant(started, ZoneId.systemDefault());
    boolean today = local.toLocalDate().equals(LocalDate.now(ZoneId.systemDefault()));
    String pattern = today ? "HH:mm" : "MMMdd";
    return local.format(DateTimeFormatter.ofPattern(pattern, Locale.ROOT));
  }

  private static String terminal(int device) {
    int major = device >> 8 & 0xfff;
    int minor = (device & 0xff) | (device >> 12 & 0xfff00);
    if (device == 0) {
      return "?";
    }
    return major >= PTS_MAJOR && major < PTS_MAJOR + 8
        ? "pts/" + ((major - PTS_MAJOR) * 256 + minor)
        : "tty" + minor;
  }

  private static String clock(Duration cpu) {
    return "%02d:%02d:%02d".formatted(cpu.toHours(), cpu.toMinutesPart(), cpu.toSecondsPart());
  }

  private static Duration ticks(long ticks) {
    return Duration.ofMillis(ticks * 1000 / TICKS_PER_SECOND);
  }

  private static Instant bootTime() throws IOException {
    for (String line : Files.readAllLines(PROC.resolve("stat"))) {
      if (line.startsWith("btime ")) {
        return Instant.ofEpochSecond(Long.parseLong(line.substring(6).strip()));
      }
    }
    throw new IOException("/proc/stat has no btime");
  }

  /** The host's names, as ps on the host shows them. */
  private static Map<Integer, String> users() throws IOException {
    Map<Integer, String> names = new HashMap<>();
    Path passwd = Path.of("/etc/passwd");
    if (Files.exists(passwd)) {
      for (String line : Files.readAllLines(passwd)) {
        String[] fields = line.split(":", -1);
        if (fields.length > 2 && fields[2].matches("[0-9]{1,9}")) {
          names.putIfAbsent(Integer.parseInt(fields[2]), fields[0]);
        }
      }
    }
    return names;
  }
}
