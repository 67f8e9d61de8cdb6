package dev.coffer.plan.compile;

import dev.coffer.plan.Feature;
import dev.coffer.plan.HostFacts;
import dev.coffer.plan.PlanException;
import dev.coffer.plan.op.JoinCgroup;
import dev.coffer.plan.op.MakeResourceClass;
import dev.coffer.plan.op.Op;
import dev.coffer.plan.op.OpenCgroup;
import dev.coffer.plan.op.Slot;
import dev.coffer.plan.op.WriteFile;
import dev.coffer.spec.runtime.IntelRdt;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A container's class of service and monitoring group (runtime-spec, config-linux.md, IntelRdt). A
 * class whose schemata are given is made for the container: a plan cannot compare those of one that
 * exists, and fails rather than change it under those who use it. Who asks for a plan compares.
 */
final class ResourceClassPlanner {
  private static final String MOUNT_POINT = "/sys/fs/resctrl";
  private static final String FIELD = "linux.intelRdt";

  private final IntelRdt wanted;
  private final String directory;
  private final Optional<String> monitoring;
  private final SlotTable slots;
  private final String why;
  private final List<Op> monitor = new ArrayList<>();
  private final List<Op> process = new ArrayList<>();
  private final List<Slot> opened = new ArrayList<>();

  ResourceClassPlanner(
      IntelRdt wanted, String id, HostFacts facts, SlotTable slots, Origins origins) {
    if (!facts.has(Feature.RESCTRL)) {
      throw PlanException.notSupported(FIELD, "this host mounts no resctrl file system");
    }
    this.wanted = wanted;
    this.slots = slots;
    this.why = origins.of(FIELD);
    String closId = wanted.closId().orElse(id);
    this.directory = closId.equals("/") ? MOUNT_POINT : MOUNT_POINT + "/" + closId;
    this.monitoring =
        wanted.enableMonitoring() ? Optional.of(directory + "/mon_groups/" + id) : Optional.empty();
  }

  /** Makes what is the container's own. */
  void create() {
    List<String> lines = schemata();
    if (wanted.closId().isEmpty() || !lines.isEmpty()) {
      monitor.add(new MakeResourceClass(directory, why));
    }
    for (String content : lines) {
      monitor.add(WriteFile.of(directory + "/schemata", content, why));
    }
    monitoring.ifPresent(group -> monitor.add(new MakeResourceClass(group, why)));
  }

  /** Opens what the process writes itself to, and has it do so. */
  void join() {
    join(directory);
    monitoring.ifPresent(this::join);
  }

  private void join(String group) {
    Slot tasks = slots.add("resctrl-" + opened.size());
    monitor.add(new OpenCgroup(group, true, tasks, why));
    process.add(new JoinCgroup(tasks, group, why));
    opened.add(tasks);
  }

  /** The two older fields together, then the newer one, each in one write. */
  private List<String> schemata() {
    Stream<String> cache =
        wanted.l3CacheSchema().stream()
            .flatMap(String::lines)
            .filter(line -> wanted.memBwSchema().isEmpty() || !line.startsWith("MB:"));
    String combined = lines(Stream.concat(cache, wanted.memBwSchema().stream()));
    return Stream.of(combined, lines(wanted.schemata().stream()))
        .filter(text -> !text.isEmpty())
        .toList();
  }

  private static String lines(Stream<String> lines) {
    return lines.map(line -> line + "\n").collect(Collectors.joining());
  }

  List<Op> monitor() {
    return monitor;
  }

  List<Op> process() {
    return process;
  }

  List<Slot> opened() {
    return opened;
  }
}
