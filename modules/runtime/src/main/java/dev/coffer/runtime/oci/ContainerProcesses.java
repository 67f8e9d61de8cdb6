package dev.coffer.runtime.oci;

import dev.coffer.plan.CgroupLayout;
import dev.coffer.spec.runtime.NamespaceType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** {@code ps}: what runs in a container. */
public final class ContainerProcesses {
  private static final List<String> DEFAULT_OPTIONS = List.of("-ef");
  private static final String PID = "PID";

  private ContainerProcesses() {}

  /** The processes by their pids as the caller sees them, ascending; none where it has ended. */
  public static Set<Integer> pids(OciHost host, OciCaller caller, String id) throws IOException {
    Optional<ContainerRecord> record = caller.states().get(id).record();
    return record.isPresent() ? of(record.get(), caller, caller.facts().cgroups()) : Set.of();
  }

  /**
   * Those in its cgroup. Where it has none, those in its pid namespace; in one that was made within
   * that they are not found.
   *
   * @throws OciException where it has neither
   */
  static Set<Integer> of(ContainerRecord record, OciCaller caller, CgroupLayout layout)
      throws IOException {
    if (record.hasCgroup()) {
      return ContainerGroup.of(record, layout).processes();
    }
    Optional<String> namespace =
        Liveness.isAlive(record)
            ? Namespaces.name(record.pid(), NamespaceType.PID)
            : Optional.empty();
    if (namespace.isEmpty()) {
      return Set.of();
    }
    if (namespace.equals(Namespaces.name(caller.pid(), NamespaceType.PID))) {
      throw new OciException(
          "cannot find the processes of container \"%s\": it has neither a cgroup nor a pid namespace"
              .formatted(record.id()));
    }
    Set<Integer> pids = Namespaces.members(NamespaceType.PID, namespace.get());
    // Read by a pid that is another's by now, it was another's namespace.
    return Liveness.isAlive(record) ? pids : Set.of();
  }

  /**
   * What the host's ps(1) says of them.
   *
   * @param options for ps; none: {@code -ef}
   * @throws OciException where ps fails, or prints no column {@code PID}
   */
  public static String table(OciHost host, OciCaller caller, String id, List<String> options)
      throws IOException {
    Set<Integer> pids = pids(host, caller, id);
    List<String> arguments = new ArrayList<>(List.of("ps"));
    arguments.addAll(options.isEmpty() ? DEFAULT_OPTIONS : options);
    return filter(CallerProgram.run(caller, arguments), pids);
  }

  /** The heading and the lines of some processes. */
  static String filter(String output, Set<Integer> pids) {
    List<String> lines = output.lines().toList();
    List<String> titles = lines.isEmpty() ? List.of() : words(lines.getFirst());
    int column = titles.indexOf(PID);
    if (column < 0) {
      throw new OciException(
          "cannot read the output of ps: it has no column PID (let it have one)");
    }
    StringBuilder kept = new StringBuilder(lines.getFirst()).append('\n');
    for (String line : lines.subList(1, lines.size())) {
      List<String> cells = words(line);
      if (column < cells.size() && isOneOf(pids, cells.get(column))) {
        kept.append(line).append('\n');
      }
    }
    return kept.toString();
  }

  private static boolean isOneOf(Set<Integer> pids, String cell) {
    return cell.matches("[0-9]{1,9}") && pids.contains(Integer.valueOf(cell));
  }

  private static List<String> words(String line) {
    return List.of(line.strip().split("\\s+", -1));
  }
}
