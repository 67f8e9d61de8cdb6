package dev.coffer.plan;

import dev.coffer.plan.CgroupLayout.Hierarchy;
import dev.coffer.plan.CgroupLayout.Mode;
import dev.coffer.plan.wire.Architecture;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Hosts to compile for. */
public final class TestHosts {
  private static final long ALL_CAPABILITIES = 0x1ff_ffff_ffffL;

  private TestHosts() {}

  /** A host with controllers on version 1 and an empty version 2 hierarchy beside them. */
  public static HostFacts hybrid() {
    List<Hierarchy> hierarchies = new ArrayList<>();
    for (String controller :
        List.of("cpu", "cpuacct", "cpuset", "memory", "devices", "freezer", "blkio", "pids")) {
      hierarchies.add(new Hierarchy(1, "/sys/fs/cgroup/" + controller, List.of(controller), "/"));
    }
    hierarchies.add(new Hierarchy(1, "/sys/fs/cgroup/systemd", List.of("name=systemd"), "/"));
    hierarchies.add(new Hierarchy(2, "/sys/fs/cgroup/unified", List.of("hugetlb"), "/"));
    return host(new CgroupLayout(Mode.HYBRID, hierarchies));
  }

  /** A host with version 2 alone. */
  public static HostFacts unified() {
    return host(
        new CgroupLayout(
            Mode.V2,
            List.of(
                new Hierarchy(
                    2,
                    "/sys/fs/cgroup",
                    List.of("cpuset", "cpu", "io", "memory", "hugetlb", "pids"),
                    "/system.slice/coffer.service"))));
  }

  /** A host of the first kind for a user without any right, who may make no cgroup. */
  public static HostFacts ordinaryUser() {
    HostFacts root = hybrid();
    return root.forProcess(
        root.cgroups().openOnly(_ -> false), 0, ALL_CAPABILITIES, root.hardLimits());
  }

  /** A host of the first kind whose kernel lacks something. */
  public static HostFacts without(Feature feature) {
    return host(hybrid().cgroups(), EnumSet.complementOf(EnumSet.of(feature)));
  }

  /** A host of the first kind with SELinux. */
  public static HostFacts seLinux() {
    return host(hybrid().cgroups(), EnumSet.allOf(Feature.class), true);
  }

  private static HostFacts host(CgroupLayout layout) {
    return host(layout, EnumSet.allOf(Feature.class));
  }

  private static HostFacts host(CgroupLayout layout, Set<Feature> features) {
    return host(layout, features, false);
  }

  private static HostFacts host(CgroupLayout layout, Set<Feature> features, boolean seLinux) {
    return new HostFacts(
        Architecture.X86_64,
        "6.18.0",
        layout,
        false,
        40,
        ALL_CAPABILITIES,
        ALL_CAPABILITIES,
        Map.of("RLIMIT_NOFILE", 1_048_576L),
        features,
        Cpusets.ofHost("0-1", "0"),
        false,
        seLinux);
  }
}
