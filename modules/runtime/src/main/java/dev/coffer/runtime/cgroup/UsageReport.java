package dev.coffer.runtime.cgroup;

import dev.coffer.plan.CgroupLayout;
import dev.coffer.plan.CgroupLayout.Hierarchy;
import dev.coffer.spec.json.JsonArray;
import dev.coffer.spec.json.JsonNumber;
import dev.coffer.spec.json.JsonObject;
import dev.coffer.spec.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * What the kernel counts for a cgroup, as the object that runc's {@code events} calls {@code data}:
 * others parse it, so names and units are theirs. Times are nanoseconds, sizes bytes.
 */
final class UsageReport {
  private static final String CPU = "cpu";
  private static final String ACCOUNTING = "cpuacct";
  private static final String MEMORY = "memory";
  private static final String CPUSET = "cpuset";
  private static final long NANOSECONDS_PER_TICK = 10_000_000;
  private static final long NANOSECONDS_PER_MICROSECOND = 1000;

  /** What stands for no limit, as an unsigned number. */
  private static final long NONE = -1;

  /** The text of a file, by controller and name. */
  private final BiFunction<String, String, Optional<String>> file;

  private final CgroupLayout layout;

  UsageReport(BiFunction<String, String, Optional<String>> file, CgroupLayout layout) {
    this.file = file;
    this.layout = layout;
  }

  JsonObject toJson() {
    return JsonObject.builder()
        .put(
            CPU, JsonObject.builder().put("usage", usage()).put("throttling", throttling()).build())
        .put(CPUSET, cpuset())
        .put(MEMORY, isVersion2(MEMORY) ? memory2() : memory1())
        .put(
            "pids",
            JsonObject.builder()
                .put("current", number("pids", "pids.current"))
                .putUnlessEmpty("limit", JsonNumber.of(number("pids", "pids.max")))
                .build())
        .put("blkio", BlockIoReport.of(file, layout))
        .put("hugetlb", hugetlb())
        .put("intel_rdt", JsonObject.EMPTY)
        .putNull("network_interfaces")
        .build();
  }

  private JsonObject usage() {
    if (isVersion2(CPU)) {
      KeyedFile stat = keyed(CPU, "cpu.stat");
      return JsonObject.builder()
          .put("total", stat.orZero("usage_usec") * NANOSECONDS_PER_MICROSECOND)
          .put("kernel", stat.orZero("system_usec") * NANOSECONDS_PER_MICROSECOND)
          .put("user", stat.orZero("user_usec") * NANOSECONDS_PER_MICROSECOND)
          .build();
    }
    KeyedFile stat = keyed(ACCOUNTING, "cpuacct.stat");
    return JsonObject.builder()
        .put("total", number(ACCOUNTING, "cpuacct.usage"))
        .putUnlessEmpty("percpu", perCpu("cpuacct.usage_percpu"))
        .putUnlessEmpty("percpu_kernel", perCpu("cpuacct.usage_percpu_sys"))
        .putUnlessEmpty("percpu_user", perCpu("cpuacct.usage_percpu_user"))
        .put("kernel", stat.orZero("system") * NANOSECONDS_PER_TICK)
        .put("user", stat.orZero("user") * NANOSECONDS_PER_TICK)
        .build();
  }

  private JsonArray perCpu(String name) {
    List<Long> times = new ArrayList<>();
    for (String time : text(ACCOUNTING, name).split(" ", -1)) {
      KeyedFile.number(time).ifPresent(times::add);
    }
    return JsonValue.ofNumbers(times);
  }

  private JsonObject throttling() {
    KeyedFile stat = keyed(CPU, "cpu.stat");
    long time =
        isVersion2(CPU)
            ? stat.orZero("throttled_usec") * NANOSECONDS_PER_MICROSECOND
            : stat.orZero("throttled_time");
    return JsonObject.builder()
        .putUnlessEmpty("periods", JsonNumber.of(stat.orZero("nr_periods")))
        .putUnlessEmpty("throttledPeriods", JsonNumber.of(stat.orZero("nr_throttled")))
        .putUnlessEmpty("throttledTime", JsonNumber.of(time))
        .build();
  }

  private JsonObject cpuset() {
    return JsonObject.builder()
        .putUnlessEmpty("cpus", numbers(text(CPUSET, "cpuset.cpus")))
        .put("cpu_exclusive", number(CPUSET, "cpuset.cpu_exclusive"))
        .putUnlessEmpty("mems", numbers(text(CPUSET, "cpuset.mems")))
        .put("mem_hardwall", number(CPUSET, "cpuset.mem_hardwall"))
        .put("mem_exclusive", number(CPUSET, "cpuset.mem_exclusive"))
        .put("memory_migrate", number(CPUSET, "cpuset.memory_migrate"))
        .put("memory_spread_page", number(CPUSET, "cpuset.memory_spread_page"))
        .put("memory_spread_slab", number(CPUSET, "cpuset.memory_spread_slab"))
        .put("memory_pressure", number(CPUSET, "cpuset.memory_pressure"))
        .put("sched_load_balance", number(CPUSET, "cpuset.sched_load_balance"))
        .put("sched_relax_domain_level", number(CPUSET, "cpuset.sched_relax_domain_level"))
        .build();
  }

  /** The numbers that a list such as {@code 0-2,7} names. */
  static JsonArray numbers(String list) {
    List<Long> all = new ArrayList<>();
    for (String range : list.split(",", -1)) {
      String[] ends = range.strip().split("-", 2);
      Optional<Long> first = KeyedFile.number(ends[0]);
      Optional<Long> last = KeyedFile.number(ends[ends.length - 1]);
      for (long each = first.orElse(0L); first.isPresent() && each <= last.orElse(-1L); each++) {
        all.add(each);
      }
    }
    return JsonValue.ofNumbers(all);
  }

  private JsonObject memory1() {
    KeyedFile stat = keyed(MEMORY, "memory.stat");
    return JsonObject.builder()
        .putUnlessEmpty("cache", JsonNumber.of(stat.orZero("cache")))
        .put("usage", memory1("memory"))
        .put("swap", memory1("memory.memsw"))
        .put("kernel", memory1("memory.kmem"))
        .put("kernelTCP", memory1("memory.kmem.tcp"))
        .put("raw", raw(text(MEMORY, "memory.stat")))
        .build();
  }

  private JsonObject memory1(String prefix) {
    return entry(
        number(MEMORY, prefix + ".limit_in_bytes"),
        number(MEMORY, prefix + ".usage_in_bytes"),
        number(MEMORY, prefix + ".max_usage_in_bytes"),
        number(MEMORY, prefix + ".failcnt"));
  }

  private JsonObject memory2() {
    KeyedFile stat = keyed(MEMORY, "memory.stat");
    long limit = limit("memory.max");
    long swapLimit = limit("memory.swap.max");
    long used = number(MEMORY, "memory.current");
    JsonObject memory =
        entry(
            limit,
            used,
            number(MEMORY, "memory.peak"),
            keyed(MEMORY, "memory.events").orZero("max"));
    // Memory and swap together, as in version 1.
    long both = limit == NONE || swapLimit == NONE ? NONE : limit + swapLimit;
    return JsonObject.builder()
        .putUnlessEmpty("cache", JsonNumber.of(stat.orZero("file")))
        .put("usage", memory)
        .put("swap", entry(both, used + number(MEMORY, "memory.swap.current"), 0, 0))
        .put("kernel", entry(0, 0, 0, 0))
        .put("kernelTCP", entry(0, 0, 0, 0))
        .put("raw", raw(text(MEMORY, "memory.stat")))
        .build();
  }

  private long limit(String name) {
    return KeyedFile.number(text(MEMORY, name)).orElse(NONE);
  }

  private static JsonObject entry(long limit, long usage, long max, long failures) {
    return JsonObject.builder()
        .putUnsigned("limit", limit)
        .putUnlessEmpty("usage", JsonNumber.of(usage))
        .putUnlessEmpty("max", JsonNumber.of(max))
        .put("failcnt", failures)
        .build();
  }

  private static JsonObject raw(String text) {
    JsonObject.Builder all = JsonObject.builder();
    for (String line : text.lines().toList()) {
      String[] words = line.split(" ", 2);
      if (words.length == 2) {
        KeyedFile.number(words[1]).ifPresent(value -> all.putUnsigned(words[0], value));
      }
    }
    return all.build();
  }

  private JsonObject hugetlb() {
    JsonObject.Builder all = JsonObject.builder();
    for (String size : HugepageSizes.ofHost()) {
      String prefix = "hugetlb." + size;
      String current = prefix + (isVersion2("hugetlb") ? ".current" : ".usage_in_bytes");
      Optional<Long> used = file.apply("hugetlb", current).flatMap(KeyedFile::number);
      if (used.isPresent()) {
        long failures =
            isVersion2("hugetlb")
                ? keyed("hugetlb", prefix + ".events").orZero("max")
                : number("hugetlb", prefix + ".failcnt");
        all.put(
            size,
            JsonObject.builder()
                .putUnlessEmpty("usage", JsonNumber.of(used.get()))
                .putUnlessEmpty(
                    "max", JsonNumber.of(number("hugetlb", prefix + ".max_usage_in_bytes")))
                .put("failcnt", failures)
                .build());
      }
    }
    return all.build();
  }

  private boolean isVersion2(String controller) {
    return layout.of(controller).map(Hierarchy::version).orElse(1) == 2;
  }

  private KeyedFile keyed(String controller, String name) {
    return KeyedFile.parse(text(controller, name));
  }

  private long number(String controller, String name) {
    return KeyedFile.number(text(controller, name)).orElse(0L);
  }

  private String text(String controller, String name) {
    return file.apply(controller, name).orElse("");
  }
}
