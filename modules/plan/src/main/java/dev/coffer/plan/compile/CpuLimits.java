package dev.coffer.plan.compile;

import dev.coffer.plan.PlanException;
import dev.coffer.spec.runtime.Cpu;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** CPU limits (scheduler/sched-bwc.rst, cgroup-v1/cpusets.rst, cgroup-v2.rst). */
final class CpuLimits {
  private static final String CPU = "cpu";
  private static final String CPUSET = "cpuset";
  private static final long DEFAULT_PERIOD_MICROS = 100_000;
  private static final long MIN_SHARES = 2;
  private static final long MAX_SHARES = 262_144;

  private CpuLimits() {}

  /** Engines write 0 for what they do not limit. */
  private static Optional<Long> given(Optional<Long> value) {
    return value.filter(number -> number != 0);
  }

  static List<CgroupSetting> version1(Cpu cpu) {
    List<CgroupSetting> settings = new ArrayList<>();
    given(cpu.shares()).ifPresent(value -> add(settings, "cpu.shares", value, "shares"));
    given(cpu.period()).ifPresent(value -> add(settings, "cpu.cfs_period_us", value, "period"));
    given(cpu.quota()).ifPresent(value -> add(settings, "cpu.cfs_quota_us", value, "quota"));
    cpu.burst().ifPresent(value -> add(settings, "cpu.cfs_burst_us", value, "burst"));
    given(cpu.realtimePeriod())
        .ifPresent(value -> add(settings, "cpu.rt_period_us", value, "realtimePeriod"));
    cpu.realtimeRuntime()
        .ifPresent(value -> add(settings, "cpu.rt_runtime_us", value, "realtimeRuntime"));
    cpu.idle().ifPresent(value -> add(settings, "cpu.idle", value, "idle"));
    return settings;
  }

  static List<CgroupSetting> version2(Cpu cpu) {
    if (given(cpu.realtimeRuntime()).isPresent() || given(cpu.realtimePeriod()).isPresent()) {
      throw PlanException.notSupported(
          "linux.resources.cpu.realtimeRuntime", "cgroup version 2 has no real-time limits");
    }
    List<CgroupSetting> settings = new ArrayList<>();
    cpu.idle().ifPresent(value -> add(settings, "cpu.idle", value, "idle"));
    cpu.shares()
        .filter(value -> value != 0 && cpu.idle().orElse(0L) != 1)
        .ifPresent(value -> add(settings, "cpu.weight", weight(value), "shares"));
    if (given(cpu.quota()).isPresent() || given(cpu.period()).isPresent()) {
      long quota = cpu.quota().orElse(-1L);
      String content =
          (quota <= 0 ? "max" : Long.toString(quota))
              + " "
              + cpu.period().filter(period -> period != 0).orElse(DEFAULT_PERIOD_MICROS);
      settings.add(CgroupSetting.of(CPU, "cpu.max", content, "cpu.quota"));
    }
    cpu.burst().ifPresent(value -> add(settings, "cpu.max.burst", value, "burst"));
    return settings;
  }

  static List<CgroupSetting> cpuset(Cpu cpu) {
    List<CgroupSetting> settings = new ArrayList<>();
    cpu.cpus()
        .ifPresent(
            value -> settings.add(CgroupSetting.of(CPUSET, "cpuset.cpus", value, "cpu.cpus")));
    cpu.mems()
        .ifPresent(
            value -> settings.add(CgroupSetting.of(CPUSET, "cpuset.mems", value, "cpu.mems")));
    return settings;
  }

  /**
   * The weight (1 to 10000) that stands for shares (2 to 262144). The defaults 1024 and 100 meet,
   * as do both ends; between them the logarithms follow a parabola, as other runtimes have it since
   * 2025, so that a container keeps its rank beside theirs.
   */
  static long weight(long shares) {
    if (shares <= MIN_SHARES) {
      return 1;
    }
    if (shares >= MAX_SHARES) {
      return 10_000;
    }
    double log = Math.log((double) shares) / Math.log(2);
    double exponent = (log * log + 125 * log) / 612 - 7.0 / 34;
    // Without the margin a rounding error of the logarithm makes 101 of 100.
    return (long) Math.ceil(Math.pow(10, exponent) - 1e-9);
  }

  private static void add(List<CgroupSetting> settings, String file, long value, String field) {
    settings.add(CgroupSetting.of(CPU, file, value, "cpu." + field));
  }
}
