package dev.coffer.engine.process;

import dev.coffer.engine.model.TopTable;
import dev.coffer.runtime.process.ProcessInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The columns of {@code ps -ef}, see ps(1). */
public final class PsColumns {

  private static final List<String> TITLES =
      List.of("UID", "PID", "PPID", "C", "STIME", "TTY", "TIME", "CMD");

  private PsColumns() {}

  /** The table of these processes at a moment, with the host's names of users. */
  public static TopTable of(List<ProcessInfo> processes, Instant now) throws IOException {
    Map<Integer, String> users = users();
    return new TopTable(TITLES, processes.stream().map(each -> row(each, now, users)).toList());
  }

  private static List<String> row(ProcessInfo process, Instant now, Map<Integer, String> users) {
    return List.of(
        users.getOrDefault(process.uid(), Integer.toUnsignedString(process.uid())),
        Integer.toString(process.pid()),
        Integer.toString(process.parentPid()),
        Integer.toString(process.processorPercent(now)),
        startTime(process.startedAt(), now),
        process.terminal(),
        clock(process.cpu()),
        process.command());
  }

  private static String startTime(Instant started, Instant now) {
    ZoneId zone = ZoneId.systemDefault();
    LocalDateTime local = LocalDateTime.ofInstant(started, zone);
    boolean today = local.toLocalDate().equals(LocalDate.ofInstant(now, zone));
    return local.format(DateTimeFormatter.ofPattern(today ? "HH:mm" : "MMMdd", Locale.ROOT));
  }

  private static String clock(Duration cpu) {
    return "%02d:%02d:%02d".formatted(cpu.toHours(), cpu.toMinutesPart(), cpu.toSecondsPart());
  }

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
