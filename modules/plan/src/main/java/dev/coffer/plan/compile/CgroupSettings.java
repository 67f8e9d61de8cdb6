package dev.coffer.plan.compile;

import dev.coffer.plan.CgroupLayout;
import dev.coffer.plan.CgroupLayout.Hierarchy;
import dev.coffer.spec.runtime.Resources;
import java.util.ArrayList;
import java.util.List;

/**
 * What a spec's resources are in terms of cgroup files, for a container's start and for an update
 * of a running one alike. The {@code unified} member, which names files itself, is not part of it.
 */
public final class CgroupSettings {
  private CgroupSettings() {}

  /** The values in the order in which they are to be written. */
  public static List<CgroupSetting> of(Resources resources, CgroupLayout layout) {
    List<CgroupSetting> settings = new ArrayList<>();
    resources
        .memory()
        .ifPresent(
            memory ->
                settings.addAll(
                    version(layout, "memory") == 2
                        ? MemoryLimits.version2(memory)
                        : MemoryLimits.version1(memory)));
    resources
        .cpu()
        .ifPresent(
            cpu -> {
              settings.addAll(
                  version(layout, "cpu") == 2 ? CpuLimits.version2(cpu) : CpuLimits.version1(cpu));
              settings.addAll(CpuLimits.cpuset(cpu));
            });
    resources.pids().ifPresent(pids -> settings.addAll(OtherLimits.pids(pids)));
    resources
        .blockIO()
        .ifPresent(
            io ->
                settings.addAll(
                    layout.of("io").isPresent()
                        ? BlockIoLimits.version2(io)
                        : BlockIoLimits.version1(io)));
    settings.addAll(OtherLimits.hugepages(resources.hugepageLimits(), version(layout, "hugetlb")));
    resources.network().ifPresent(network -> settings.addAll(OtherLimits.network(network)));
    settings.addAll(OtherLimits.rdma(resources.rdma()));
    if (layout.of("devices").isPresent()) {
      settings.addAll(OtherLimits.devices(resources.devices()));
    }
    return List.copyOf(settings);
  }

  /**
   * What is written of a value of {@code unified}, each in a write of its own: files such as {@code
   * io.max} have a line for each device, and take one at a time (cgroup-v2.rst, Format).
   */
  public static List<String> lines(String value) {
    List<String> lines = value.lines().filter(line -> !line.isBlank()).toList();
    return lines.isEmpty() ? List.of(value) : lines;
  }

  private static int version(CgroupLayout layout, String controller) {
    return layout.of(controller).map(Hierarchy::version).orElse(1);
  }
}
