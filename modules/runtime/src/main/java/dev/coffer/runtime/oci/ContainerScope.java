package dev.coffer.runtime.oci;

import dev.coffer.kernel.ProcFile;
import dev.coffer.plan.CgroupLayout;
import dev.coffer.plan.HostFacts;
import dev.coffer.runtime.dbus.Value;
import dev.coffer.runtime.systemd.LimitProperties;
import dev.coffer.runtime.systemd.PropertyAnnotations;
import dev.coffer.runtime.systemd.Scope;
import dev.coffer.runtime.systemd.Systemd;
import dev.coffer.runtime.systemd.UnitProperty;
import dev.coffer.spec.runtime.Linux;
import dev.coffer.spec.runtime.Resources;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A container's cgroup as systemd keeps it: a unit of the host's manager, or of the user's own for
 * whoever is not root.
 *
 * @param unit its name
 * @param cgroup its path in every hierarchy
 * @param properties all but its processes
 */
record ContainerScope(String unit, String cgroup, List<UnitProperty> properties) {
  private static final String DESCRIPTION = "Description";
  private static final String DEVICE_DRIVERS = "/proc/devices";

  ContainerScope {
    properties = List.copyOf(properties);
  }

  /**
   * The scope that a container is to have.
   *
   * @throws IOException where systemd does not answer
   * @throws OciException where it keeps no such cgroups for this caller
   */
  static ContainerScope of(
      OciCaller caller, Systemd systemd, String id, Bundle bundle, Resources resources)
      throws IOException {
    CgroupLayout layout = caller.facts().cgroups();
    boolean users = isUsers(caller.facts());
    if (users && layout.mode() != CgroupLayout.Mode.V2) {
      throw new OciException(
          "not supported: --systemd-cgroup for a user who is not root: the host has cgroup version 1");
    }
    String path = bundle.spec().linux().flatMap(Linux::cgroupsPath).orElse("");
    Scope scope = Scope.of(path, id, users ? "user.slice" : "system.slice");
    List<UnitProperty> properties = new ArrayList<>(common(id, scope, layout));
    properties.addAll(limits(systemd, resources, layout));
    properties.addAll(PropertyAnnotations.of(bundle.spec().annotations()));
    String root = users ? systemd.controlGroup() : "";
    return new ContainerScope(scope.unit(), scope.cgroup(root), properties);
  }

  private static List<UnitProperty> common(String id, Scope scope, CgroupLayout layout) {
    boolean accounts = layout.of("io").isPresent();
    return List.of(
        new UnitProperty(DESCRIPTION, description(id)),
        new UnitProperty("Slice", Value.of(scope.slice())),
        new UnitProperty("Delegate", Value.of(true)),
        new UnitProperty("DefaultDependencies", Value.of(false)),
        // Else one that was killed would stay until somebody resets it.
        new UnitProperty("CollectMode", Value.of("inactive-or-failed")),
        new UnitProperty("MemoryAccounting", Value.of(true)),
        new UnitProperty("CPUAccounting", Value.of(true)),
        new UnitProperty("TasksAccounting", Value.of(true)),
        new UnitProperty(accounts ? "IOAccounting" : "BlockIOAccounting", Value.of(true)));
  }

  private static List<UnitProperty> limits(
      Systemd systemd, Resources resources, CgroupLayout layout) throws IOException {
    return LimitProperties.of(resources, layout, systemd.version(), ProcFile.read(DEVICE_DRIVERS));
  }

  private static Value description(String id) {
    return Value.of("container " + id);
  }

  /**
   * Whether a unit of the name that a container's has is another's. Systemd forgets a scope that is
   * empty, and who was about to have it may have died: then its name is anybody's.
   */
  static boolean isOthers(OciCaller caller, String unit, ContainerRecord record)
      throws IOException {
    Value own =
        PropertyAnnotations.of(record.annotations()).stream()
            .filter(each -> each.name().equals(DESCRIPTION))
            .map(UnitProperty::value)
            .reduce(description(record.id()), (_, last) -> last);
    try (Systemd systemd = connect(caller)) {
      return systemd.description(unit).filter(each -> !Value.of(each).equals(own)).isPresent();
    }
  }

  /** Starts it with its first process. */
  void start(Systemd systemd, int pid) throws IOException {
    List<UnitProperty> all = new ArrayList<>(properties);
    Value process = Value.uint32(pid);
    all.add(new UnitProperty("PIDs", new Value.Sequence("u", List.of(process))));
    systemd.start(unit, all);
  }

  /** Gives the unit of a container other limits. */
  static void limit(OciCaller caller, String unit, Resources resources) throws IOException {
    try (Systemd systemd = connect(caller)) {
      List<UnitProperty> changed = limits(systemd, resources, caller.facts().cgroups());
      if (!changed.isEmpty()) {
        systemd.set(unit, changed);
      }
    }
  }

  /** Has systemd let go of the unit of a container. */
  static void stop(OciCaller caller, String unit) throws IOException {
    try (Systemd systemd = connect(caller)) {
      systemd.stop(unit);
    }
  }

  /**
   * The manager that keeps the cgroups of this caller's containers.
   *
   * @throws IOException where it cannot be reached
   */
  static Systemd connect(OciCaller caller) throws IOException {
    return isUsers(caller.facts()) ? Systemd.ofUser(caller.environment()) : Systemd.ofSystem();
  }

  private static boolean isUsers(HostFacts facts) {
    return facts.inUserNamespace() || !facts.mayMount();
  }
}
