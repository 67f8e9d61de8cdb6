package dev.coffer.engine.process;

import dev.coffer.engine.model.TopTable;
import dev.coffer.engine.program.HostProcess;
import dev.coffer.engine.program.Programs;
import dev.coffer.kernel.WaitStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Processes as the host's {@code ps} shows them, with whatever options its user knows: it lists
 * them all, and those that were asked for are picked out by the column PID.
 */
public final class HostPs {
  private static final String PID = "PID";

  private final Programs programs;

  /** Looks for {@code ps} among these. */
  public HostPs(Programs programs) {
    this.programs = programs;
  }

  /**
   * The table of some processes.
   *
   * @param options as for ps(1)
   * @throws IOException when there is no {@code ps}, it refuses the options, or shows no PID
   */
  public TopTable of(List<String> options, Set<Integer> pids) throws IOException {
    String program =
        programs
            .find("ps")
            .orElseThrow(() -> new IOException("the host has no ps (install procps)"));
    List<String> command = new ArrayList<>(List.of(program));
    command.addAll(options);
    List<String> complaints = new CopyOnWriteArrayList<>();
    String output;
    WaitStatus end;
    try (HostProcess ps =
        HostProcess.start(
            command, List.of("PATH=" + programs.path(), "LC_ALL=C.UTF-8"), complaints::add)) {
      output = new String(ps.output().readAllBytes(), StandardCharsets.UTF_8);
      end = ps.await();
    }
    if (end.code() != 0) {
      throw new IOException(
          "ps %s: %s"
              .formatted(
                  String.join(" ", options),
                  complaints.isEmpty() ? "exit code " + end.code() : complaints.getFirst()));
    }
    return table(output, pids);
  }

  static TopTable table(String output, Set<Integer> pids) throws IOException {
    List<String> lines = output.lines().toList();
    List<String> titles = lines.isEmpty() ? List.of() : fields(lines.getFirst(), 0);
    int pidColumn = titles.indexOf(PID);
    if (pidColumn < 0) {
      throw new IOException("ps shows no column PID (add it to the options)");
    }
    List<List<String>> rows = new ArrayList<>();
    boolean threadsOfOurs = false;
    for (String line : lines.subList(1, lines.size())) {
      List<String> row = fields(line, titles.size());
      String pid = row.size() > pidColumn ? row.get(pidColumn) : "";
      // Threads that follow their process have a dash for its number.
      boolean ours = pid.equals("-") ? threadsOfOurs : isAmong(pid, pids);
      if (ours) {
        rows.add(row);
      }
      threadsOfOurs = ours;
    }
    return new TopTable(titles, List.copyOf(rows));
  }

  private static boolean isAmong(String pid, Set<Integer> pids) {
    return pid.matches("[0-9]{1,9}") && pids.contains(Integer.parseInt(pid));
  }

  /**
   * The words of a line; the last one of so many, or of any number for 0, has spaces of its own.
   */
  private static List<String> fields(String line, int most) {
    return List.of(line.strip().split("\\s+", most));
  }
}
