package dev.coffer.plan.compile;

import dev.coffer.plan.CgroupLayout;
import dev.coffer.plan.CgroupLayout.Hierarchy;
import dev.coffer.plan.HostFacts;
import dev.coffer.plan.PlanException;
import dev.coffer.plan.bpf.DeviceFilter;
import dev.coffer.plan.bpf.DeviceList;
import dev.coffer.plan.op.AttachDeviceFilter;
import dev.coffer.plan.op.DelegateCgroup;
import dev.coffer.plan.op.EnableControllers;
import dev.coffer.plan.op.JoinCgroup;
import dev.coffer.plan.op.MakeCgroup;
import dev.coffer.plan.op.MoveIntoCgroup;
import dev.coffer.plan.op.Op;
import dev.coffer.plan.op.OpenCgroup;
import dev.coffer.plan.op.Slot;
import dev.coffer.plan.op.WriteFile;
import dev.coffer.plan.wire.Bytes;
import dev.coffer.spec.runtime.DeviceRule;
import dev.coffer.spec.runtime.Resources;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Consumer;

/**
 * The cgroups of a container: made, limited and opened by the monitor, before anything runs in
 * them, then joined by init. In version 2 init is born in its cgroup; in version 1 it writes itself
 * to each {@code tasks} file. Those of version 1 can also be made when init is born already, and
 * does something else meanwhile: then it opens them itself.
 */
final class CgroupPlanner {
  private static final String SYSTEMD = "name=systemd";
  private static final String DEVICES = "devices";
  private static final String PATH = "linux.cgroupsPath";

  private final CgroupLayout layout;
  private final HostFacts facts;
  private final CgroupPaths paths;
  private final Origins origins;
  private final SlotTable slots;
  private final List<Op> birthplace = new ArrayList<>();
  private final List<Op> monitor = new ArrayList<>();
  private final List<Op> init = new ArrayList<>();
  private final List<Op> outside = new ArrayList<>();
  private final List<Op> furnished = new ArrayList<>();
  private final List<Slot> opened = new ArrayList<>();
  private Optional<Slot> unified = Optional.empty();
  private boolean afterBirth;

  CgroupPlanner(HostFacts facts, CgroupPaths paths, Origins origins, SlotTable slots) {
    this.layout = facts.cgroups();
    this.facts = facts;
    this.paths = paths;
    this.origins = origins;
    this.slots = slots;
  }

  /** Whether there are cgroups that init need not be born in. */
  boolean mayComeAfterBirth() {
    return layout.hierarchies().stream().anyMatch(hierarchy -> hierarchy.version() == 1);
  }

  /** Has the cgroups of version 1 made after init's birth, and opened by it. */
  void comeAfterBirth() {
    afterBirth = true;
  }

  /** What the monitor does before init is born, if the rest comes after it. */
  List<Op> birthplace() {
    return birthplace;
  }

  /** What the monitor does, before init is born or after it. */
  List<Op> monitor() {
    return monitor;
  }

  /** What init does first. */
  List<Op> init() {
    return init;
  }

  /** What init does once it is in its cgroup namespace, if it has a new one. */
  List<Op> outside() {
    return outside;
  }

  /** What init does when its root is furnished. */
  List<Op> furnished() {
    return furnished;
  }

  /** The descriptor of the version 2 cgroup. */
  Optional<Slot> unified() {
    return unified;
  }

  /** Descriptors that the monitor closes once init is born. */
  List<Slot> opened() {
    return opened;
  }

  /**
   * Makes the cgroups, sets their limits, has init join them and lets it have the devices.
   *
   * @param rules what {@link #deviceFilter} lets pass from the first
   * @param entry one of {@link #join}, {@link #joinAsRoot} and {@link #complete}
   */
  void plan(Optional<Resources> resources, List<DeviceRule> rules, Consumer<String> entry) {
    create(resources);
    entry.accept(origins.of(PATH));
    monitor.addAll(deviceFilter(rules));
  }

  private void create(Optional<Resources> resources) {
    String why = origins.of(PATH);
    facts.cpusets().unfilled().forEach((file, list) -> monitor.add(WriteFile.of(file, list, why)));
    for (Hierarchy hierarchy : layout.hierarchies()) {
      if (hierarchy.version() == 2 && needsControllers(hierarchy, resources)) {
        createUnified(hierarchy, why);
      } else {
        List<String> levels = paths.levels(hierarchy);
        List<String> ancestors = levels.subList(0, levels.size() - 1);
        maker(hierarchy).add(new MakeCgroup(ancestors, levels.getLast(), initial(hierarchy), why));
      }
    }
    resources.ifPresent(this::limit);
  }

  private List<Op> maker(Hierarchy hierarchy) {
    return afterBirth && hierarchy.version() == 2 ? birthplace : monitor;
  }

  /**
   * Beside version 1 the few controllers of version 2 are for the rare container that is limited by
   * one. To enable them again is not free: the kernel first waits for groups that are going away.
   */
  private boolean needsControllers(Hierarchy hierarchy, Optional<Resources> resources) {
    return layout.mode() == CgroupLayout.Mode.V2
        || resources
            .filter(
                asked ->
                    !asked.unified().isEmpty()
                        || CgroupSettings.of(asked, layout).stream()
                            .anyMatch(setting -> hierarchy.has(setting.controller())))
            .isPresent();
  }

  private void createUnified(Hierarchy hierarchy, String why) {
    String parent = hierarchy.mountPoint();
    List<Op> ops = maker(hierarchy);
    for (String level : paths.levels(hierarchy)) {
      if (!hierarchy.controllers().isEmpty()) {
        ops.add(new EnableControllers(parent, hierarchy.controllers(), why));
      }
      ops.add(new MakeCgroup(List.of(), level, new LinkedHashMap<>(), why));
      parent = level;
    }
  }

  private SequencedMap<String, String> initial(Hierarchy hierarchy) {
    SequencedMap<String, String> files = new LinkedHashMap<>();
    if (hierarchy.has("cpuset")) {
      files.put("cpuset.cpus", facts.cpusets().cpus());
      files.put("cpuset.mems", facts.cpusets().memoryNodes());
    }
    return files;
  }

  private void limit(Resources resources) {
    Resources possible =
        facts.mayFilterDevices() ? resources : resources.toBuilder().devices(List.of()).build();
    CgroupSettings.of(possible, layout).forEach(this::write);
    resources.unified().forEach(this::writeUnified);
  }

  private void write(CgroupSetting setting) {
    String field = "linux.resources." + setting.field();
    Hierarchy hierarchy =
        layout.of(setting.controller()).orElseThrow(() -> missing(field, setting.controller()));
    String directory = paths.directory(hierarchy);
    SequencedMap<String, String> contents = new LinkedHashMap<>();
    setting.contents().forEach((file, content) -> contents.put(directory + "/" + file, content));
    monitor.add(new WriteFile(contents, origins.of(field)));
  }

  private PlanException missing(String field, String controller) {
    return layout.closed().stream()
        .filter(each -> each.has(controller))
        .findFirst()
        .map(each -> closed(field, each))
        .orElseGet(
            () ->
                PlanException.notSupported(
                    field, "this host has no cgroup controller " + controller));
  }

  private PlanException missingUnified(String field) {
    return layout.closed().stream()
        .filter(each -> each.version() == 2)
        .findFirst()
        .map(each -> closed(field, each))
        .orElseGet(() -> PlanException.notSupported(field, "this host has no cgroup version 2"));
  }

  private static PlanException closed(String field, Hierarchy hierarchy) {
    return new PlanException(
        "%s: this user may make no cgroup below \"%s\" (leave the limit out, or have one delegated)"
            .formatted(field, hierarchy.mountPoint() + hierarchy.ownPath()));
  }

  private void writeUnified(String file, String content) {
    String field = "linux.resources.unified";
    if (file.contains("/")) {
      throw new PlanException(field + ": \"" + file + "\" is no file name");
    }
    Hierarchy hierarchy = layout.unified().orElseThrow(() -> missingUnified(field));
    String path = paths.directory(hierarchy) + "/" + file;
    CgroupSettings.lines(content)
        .forEach(line -> monitor.add(WriteFile.of(path, line, origins.of(field))));
  }

  /** Gives the cgroup of version 2 to a user of the host. */
  void delegate(long user, List<String> files) {
    layout.hierarchies().stream()
        .filter(hierarchy -> hierarchy.version() == 2 && layout.mode() == CgroupLayout.Mode.V2)
        .map(paths::directory)
        .forEach(
            directory ->
                monitor.add(
                    new DelegateCgroup(
                        directory, files, user, "the container may write to its cgroup")));
  }

  /**
   * Lets only the devices pass that the rules allow; in version 2 a filter of the cgroup does it.
   */
  List<Op> deviceFilter(List<DeviceRule> rules) {
    boolean listed = layout.of(DEVICES).isPresent();
    if (rules.isEmpty() || listed || !facts.mayFilterDevices()) {
      return List.of();
    }
    String field = "linux.resources.devices";
    Slot cgroup =
        unified.orElseThrow(
            () -> PlanException.notSupported(field, "this host has no device cgroup"));
    return List.of(new AttachDeviceFilter(cgroup, filter(rules, field), origins.of(field)));
  }

  private static Bytes filter(List<DeviceRule> rules, String field) {
    try {
      return Bytes.copyOf(DeviceFilter.compile(DeviceList.of(rules)));
    } catch (IllegalArgumentException e) {
      throw new PlanException(field + ": " + e.getMessage());
    }
  }

  /** Opens the cgroups, and has init join them. */
  void join(String why) {
    join(false, why);
  }

  /**
   * The same for an init that makes a cgroup namespace, whose root in each hierarchy is where init
   * then is.
   */
  void joinAsRoot(String why) {
    join(true, why);
  }

  private void join(boolean rooted, String why) {
    for (Hierarchy hierarchy : layout.hierarchies()) {
      String directory = paths.directory(hierarchy);
      if (hierarchy.version() == 2) {
        unified = Optional.of(openUnified(directory, why));
      } else if (hierarchy.has(DEVICES)) {
        joinDevices(hierarchy, rooted, why);
      } else {
        join(init, directory, "tasks-" + hierarchy.controllers().getFirst(), why);
      }
    }
  }

  /** Which nodes may be made is for the program: those of its own /dev are there by then. */
  private void joinDevices(Hierarchy hierarchy, boolean rooted, String why) {
    String directory = paths.directory(hierarchy);
    if (rooted) {
      join(init, directory, "root-devices", "the root of the cgroup namespace");
      String path = hierarchy.ownPath();
      String own = hierarchy.mountPoint() + (path.equals("/") ? "" : path);
      join(outside, own, "own-devices", "its list does not count before the nodes are there");
    }
    join(furnished, directory, "tasks-devices", why);
  }

  private void join(List<Op> when, String directory, String name, String why) {
    Slot tasks = slots.add(name);
    (afterBirth ? init : monitor).add(new OpenCgroup(directory, true, tasks, why));
    if (!afterBirth) {
      opened.add(tasks);
    }
    when.add(new JoinCgroup(tasks, directory, why));
  }

  private Slot openUnified(String directory, String why) {
    Slot slot = slots.add("cgroup");
    (afterBirth ? birthplace : monitor).add(new OpenCgroup(directory, false, slot, why));
    opened.add(slot);
    return slot;
  }

  /**
   * Moves init, which systemd has put into its scope, into the cgroups that systemd does not keep.
   */
  void complete(String why) {
    for (Hierarchy hierarchy : layout.hierarchies()) {
      String directory = paths.directory(hierarchy);
      if (hierarchy.version() == 2) {
        unified = Optional.of(openUnified(directory, why));
      } else if (!hierarchy.has(SYSTEMD)) {
        monitor.add(new MoveIntoCgroup(SlotTable.INIT_PID, directory, why));
      }
    }
  }
}
