package dev.coffer.plan.compile;

import dev.coffer.plan.PlanException;
import dev.coffer.plan.bpf.DeviceAccess;
import dev.coffer.plan.bpf.DeviceList;
import dev.coffer.spec.runtime.DeviceRule;
import dev.coffer.spec.runtime.DeviceType;
import dev.coffer.spec.runtime.HugepageLimit;
import dev.coffer.spec.runtime.InterfacePriority;
import dev.coffer.spec.runtime.NetworkClass;
import dev.coffer.spec.runtime.Pids;
import dev.coffer.spec.runtime.Rdma;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Limits with one or two files each. */
final class OtherLimits {
  private OtherLimits() {}

  /**
   * The first process of a container counts, so a limit of 0 is one of 1; under 0 the kernel would
   * refuse even that one, where it is born in the cgroup.
   */
  static List<CgroupSetting> pids(Pids pids) {
    return pids
        .limit()
        .map(limit -> limit < 0 ? "max" : Long.toString(Math.max(limit, 1)))
        .map(content -> CgroupSetting.of("pids", "pids.max", content, "pids.limit"))
        .stream()
        .toList();
  }

  /**
   * Pages in use, and where the kernel counts them, pages reserved: who is refused a reservation
   * can take ordinary pages, who is refused a page gets SIGBUS.
   */
  static List<CgroupSetting> hugepages(List<HugepageLimit> limits, int version) {
    List<CgroupSetting> settings = new ArrayList<>();
    String file = version == 1 ? "limit_in_bytes" : "max";
    for (HugepageLimit limit : limits) {
      String prefix = "hugetlb." + limit.pageSize() + ".";
      String content = Long.toUnsignedString(limit.limit());
      settings.add(CgroupSetting.of("hugetlb", prefix + file, content, "hugepageLimits"));
      settings.add(
          CgroupSetting.of("hugetlb", prefix + "rsvd." + file, content, "hugepageLimits")
              .or(prefix + file, content));
    }
    return settings;
  }

  static List<CgroupSetting> network(NetworkClass network) {
    List<CgroupSetting> settings = new ArrayList<>();
    network
        .classId()
        .ifPresent(
            id ->
                settings.add(
                    CgroupSetting.of("net_cls", "net_cls.classid", id, "network.classID")));
    for (InterfacePriority priority : network.priorities()) {
      String content = priority.name() + " " + priority.priority();
      settings.add(
          CgroupSetting.of("net_prio", "net_prio.ifpriomap", content, "network.priorities"));
    }
    return settings;
  }

  static List<CgroupSetting> rdma(Map<String, Rdma> limits) {
    List<CgroupSetting> settings = new ArrayList<>();
    limits.forEach(
        (device, limit) -> {
          StringBuilder content = new StringBuilder(device);
          limit.hcaHandles().ifPresent(value -> content.append(" hca_handle=").append(value));
          limit.hcaObjects().ifPresent(value -> content.append(" hca_object=").append(value));
          settings.add(CgroupSetting.of("rdma", "rdma.max", content.toString(), "rdma"));
        });
    return settings;
  }

  /**
   * Rules for version 1 (cgroup-v1/devices.rst); a later one wins over an earlier one.
   *
   * @throws PlanException where one would not: the kernel passes over a rule that takes devices out
   *     of what an earlier one says of more of them
   */
  static List<CgroupSetting> devices(List<DeviceRule> rules) {
    try {
      boolean ignored = DeviceList.of(rules).allowByDefault();
    } catch (IllegalArgumentException e) {
      throw new PlanException("linux.resources.devices: " + e.getMessage());
    }
    return rules.stream()
        .flatMap(rule -> rule.ofOneType().stream())
        .map(
            rule ->
                CgroupSetting.of(
                    "devices",
                    rule.allow() ? "devices.allow" : "devices.deny",
                    rule(rule),
                    "devices"))
        .toList();
  }

  private static String rule(DeviceRule rule) {
    DeviceType type = rule.type().orElse(DeviceType.ALL);
    String letter =
        switch (type) {
          case ALL -> "a";
          case CHARACTER, UNBUFFERED -> "c";
          case BLOCK -> "b";
          case FIFO -> throw new PlanException("linux.resources.devices: a fifo is no device");
        };
    if (type == DeviceType.ALL) {
      // The kernel takes this letter for everything, whatever follows it.
      return letter;
    }
    return "%s %s:%s %s"
        .formatted(
            letter,
            number(rule.major()).map(String::valueOf).orElse("*"),
            number(rule.minor()).map(String::valueOf).orElse("*"),
            rule.access().orElse("rwm"));
  }

  /** A number that is one: Docker writes -1 where it means any. */
  private static Optional<Long> number(Optional<Long> number) {
    return number.filter(value -> value != DeviceAccess.ANY);
  }
}
