package dev.coffer.plan.compile;

import dev.coffer.plan.PlanException;
import dev.coffer.spec.runtime.Memory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Memory limits in the order that the kernel accepts for a new cgroup (cgroup-v1/memory.rst,
 * cgroup-v2.rst): in version 1 the limit of memory goes before that of memory and swap together. A
 * limit of 0, which engines write for one that they have not, is none.
 */
final class MemoryLimits {
  private static final String CONTROLLER = "memory";

  private MemoryLimits() {}

  private static Optional<Long> given(Optional<Long> limit) {
    return limit.filter(value -> value != 0);
  }

  static List<CgroupSetting> version1(Memory memory) {
    List<CgroupSetting> settings = new ArrayList<>();
    // Kernels of today know one answer, and say so when the other is written.
    memory
        .useHierarchy()
        .ifPresent(value -> add(settings, "memory.use_hierarchy", value ? 1 : 0, "useHierarchy"));
    given(memory.limit())
        .ifPresent(value -> add(settings, "memory.limit_in_bytes", value, "limit"));
    given(memory.swap())
        .ifPresent(value -> add(settings, "memory.memsw.limit_in_bytes", value, "swap"));
    given(memory.reservation())
        .ifPresent(value -> add(settings, "memory.soft_limit_in_bytes", value, "reservation"));
    given(memory.kernel())
        .ifPresent(value -> add(settings, "memory.kmem.limit_in_bytes", value, "kernel"));
    given(memory.kernelTCP())
        .ifPresent(value -> add(settings, "memory.kmem.tcp.limit_in_bytes", value, "kernelTCP"));
    memory.swappiness().ifPresent(value -> add(settings, "memory.swappiness", value, "swappiness"));
    memory
        .disableOOMKiller()
        .filter(disabled -> disabled)
        .ifPresent(_ -> add(settings, "memory.oom_control", 1L, "disableOOMKiller"));
    return settings;
  }

  static List<CgroupSetting> version2(Memory memory) {
    if (isLimit(memory.kernel()) || isLimit(memory.kernelTCP())) {
      throw PlanException.notSupported(
          "linux.resources.memory.kernel", "cgroup version 2 has no limit for kernel memory");
    }
    if (memory.swappiness().isPresent()) {
      throw PlanException.notSupported(
          "linux.resources.memory.swappiness", "cgroup version 2 has no swappiness");
    }
    if (memory.disableOOMKiller().orElse(false)) {
      throw PlanException.notSupported(
          "linux.resources.memory.disableOOMKiller", "cgroup version 2 cannot switch it off");
    }
    if (!memory.useHierarchy().orElse(true)) {
      throw PlanException.notSupported(
          "linux.resources.memory.useHierarchy", "cgroup version 2 always counts children");
    }
    List<CgroupSetting> settings = new ArrayList<>();
    given(memory.limit()).ifPresent(value -> addMax(settings, "memory.max", value, "limit"));
    given(memory.swap()).ifPresent(_ -> addMax(settings, "memory.swap.max", swap(memory), "swap"));
    given(memory.reservation())
        .ifPresent(value -> addMax(settings, "memory.low", value, "reservation"));
    return settings;
  }

  private static boolean isLimit(Optional<Long> value) {
    return value.filter(limit -> limit > 0).isPresent();
  }

  /** The spec counts memory and swap together, version 2 swap alone. */
  private static long swap(Memory memory) {
    long both = memory.swap().orElseThrow();
    if (both < 0) {
      return both;
    }
    long limit = given(memory.limit()).orElse(-1L);
    if (limit < 0) {
      throw new PlanException("linux.resources.memory.swap: needs a memory limit beside it");
    }
    if (both < limit) {
      throw new PlanException("linux.resources.memory.swap: less than the memory limit");
    }
    return both - limit;
  }

  private static void add(List<CgroupSetting> settings, String file, long value, String field) {
    settings.add(CgroupSetting.of(CONTROLLER, file, value, "memory." + field));
  }

  private static void addMax(List<CgroupSetting> settings, String file, long value, String field) {
    String content = value < 0 ? "max" : Long.toString(value);
    settings.add(CgroupSetting.of(CONTROLLER, file, content, "memory." + field));
  }
}
