package dev.coffer.plan.compile;

import dev.coffer.plan.Feature;
import dev.coffer.plan.HostFacts;
import dev.coffer.plan.PlanException;
import dev.coffer.plan.Stage;
import dev.coffer.plan.op.AwaitStage;
import dev.coffer.plan.op.CloneStage;
import dev.coffer.plan.op.CloseSlots;
import dev.coffer.plan.op.MapIds;
import dev.coffer.plan.op.Namespace;
import dev.coffer.plan.op.Op;
import dev.coffer.plan.op.OpenNamespace;
import dev.coffer.plan.op.Slot;
import dev.coffer.plan.op.Sync;
import dev.coffer.spec.runtime.IdMapping;
import dev.coffer.spec.runtime.Linux;
import dev.coffer.spec.runtime.Mount;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The user namespaces whose maps id-mapped mounts take. The kernel knows maps by a namespace alone,
 * so for each pair of maps a process is born in a new one, for as long as it takes to open it.
 * Equal maps share one.
 */
final class IdMapPlanner {
  private static final String NAME = "coffer:idmap";

  private final Linux linux;
  private final NamespaceChoice namespaces;
  private final HostFacts facts;
  private final SlotTable slots;
  private final int firstStage;
  private final Map<Maps, Slot> made = new LinkedHashMap<>();
  private final List<Op> monitor = new ArrayList<>();
  private final List<Stage> stages = new ArrayList<>();
  private final List<Slot> opened = new ArrayList<>();

  private record Maps(String users, String groups) {}

  /**
   * @param firstStage index that the first of {@link #stages} has in the plan
   */
  IdMapPlanner(
      Linux linux, NamespaceChoice namespaces, HostFacts facts, SlotTable slots, int firstStage) {
    this.linux = linux;
    this.namespaces = namespaces;
    this.facts = facts;
    this.slots = slots;
    this.firstStage = firstStage;
  }

  /** Lines of an id map, as the kernel takes them. */
  static String lines(List<IdMapping> mappings) {
    return mappings.stream()
        .map(each -> "%d %d %d\n".formatted(each.containerId(), each.hostId(), each.size()))
        .collect(Collectors.joining());
  }

  /** What the monitor does before it takes the mounts. */
  List<Op> monitor() {
    return monitor;
  }

  /** What the monitor does once the mounts have their maps. */
  List<Op> done() {
    return opened.isEmpty() ? List.of() : List.of(new CloseSlots(opened, "the mounts have them"));
  }

  /** The processes that are born for a moment. */
  List<Stage> stages() {
    return stages;
  }

  /**
   * The namespace of a mount's own maps, or where it has none, that of the container.
   *
   * @param option maps that stand in an option; those of the mount's own fields come first
   * @param field the mount's path in the spec
   */
  Slot namespace(Mount mount, Optional<String> option, String field, String why) {
    if (!facts.has(Feature.IDMAP_MOUNTS)) {
      throw PlanException.notSupported(field, "id-mapped mounts on this kernel");
    }
    if (!facts.mayMount()) {
      throw PlanException.notSupported(field, "id-mapped mounts of a user who is not root");
    }
    List<IdMapping> users = mount.uidMappings();
    List<IdMapping> groups = mount.gidMappings();
    if (users.isEmpty() && groups.isEmpty() && option.isPresent()) {
      users = IdMapOption.ranges(option.get(), "uids", linux.uidMappings());
      groups = IdMapOption.ranges(option.get(), "gids", linux.gidMappings());
    }
    if (users.isEmpty() != groups.isEmpty()) {
      throw new PlanException(field + ": needs both uidMappings and gidMappings, or neither");
    }
    if (!users.isEmpty()) {
      return made(new Maps(lines(users), lines(groups)), why);
    }
    if (namespaces.creates(Namespace.USER)) {
      return made(new Maps(lines(linux.uidMappings()), lines(linux.gidMappings())), why);
    }
    return namespaces.joined().stream()
        .filter(joined -> joined.namespace() == Namespace.USER)
        .findFirst()
        .map(joined -> joined.descriptor().orElseGet(() -> joined(joined, why)))
        .orElseThrow(
            () ->
                new PlanException(
                    field
                        + ": idmap needs uidMappings and gidMappings when there is no user"
                        + " namespace"));
  }

  private Slot joined(NamespaceChoice.Joined joined, String why) {
    String path = joined.path().orElseThrow();
    return made.computeIfAbsent(
        new Maps(path, path),
        _ -> {
          Slot namespace = slot();
          monitor.add(
              new OpenNamespace(Namespace.USER, joined.path(), SlotTable.INIT_PID, namespace, why));
          return namespace;
        });
  }

  private Slot slot() {
    Slot namespace = slots.add("idmap-" + opened.size());
    opened.add(namespace);
    return namespace;
  }

  private Slot made(Maps maps, String why) {
    return made.computeIfAbsent(maps, _ -> make(maps, why));
  }

  private Slot make(Maps maps, String why) {
    int stage = firstStage + stages.size();
    Slot namespace = slot();
    Slot pid = slots.add(namespace.name() + "-pid");
    boolean deny = ProcessPlanner.denySetgroups(facts);
    monitor.add(
        new CloneStage(
            stage,
            NAME,
            Namespace.USER.flag(),
            Optional.empty(),
            Optional.empty(),
            pid,
            Optional.empty(),
            why));
    monitor.add(new MapIds(pid, maps.users(), maps.groups(), deny, why));
    monitor.add(new OpenNamespace(Namespace.USER, Optional.empty(), pid, namespace, why));
    String over = "the user namespace is open";
    monitor.add(Sync.send(stage, 'q', over));
    monitor.add(new AwaitStage(pid, NAME, why));
    stages.add(new Stage(NAME, List.of(Sync.receive(Sync.PARENT, 'q', over))));
    return namespace;
  }
}
