package dev.coffer.runtime.cgroup;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.Predicate;

/** Reads the same figures out of either version's files; controllers may be of different ones. */
final class StatisticsReader {
  /** Above this a limit of version 1 means none: it is the largest page-aligned number. */
  private static final long V1_UNLIMITED = Long.MAX_VALUE / 2;

  private static final long NANOSECONDS_PER_TICK = 10_000_000;

  private final Function<String, Optional<CgroupDirectory>> directory;
  private final Predicate<String> isVersion2;

  StatisticsReader(
      Function<String, Optional<CgroupDirectory>> directory, Predicate<String> isVersion2) {
    this.directory = directory;
    this.isVersion2 = isVersion2;
  }

  CgroupStatistics read() throws IOException {
    boolean memory2 = isVersion2.test("memory");
    KeyedFile memory = keyed("memory", "memory.stat");
    boolean cpu2 = isVersion2.test("cpu");
    KeyedFile cpu = keyed("cpu", "cpu.stat");
    KeyedFile accounted = keyed("cpuacct", "cpuacct.stat");
    String io = isVersion2.test("io") ? "io" : "blkio";
    return new CgroupStatistics(
        number("memory", memory2 ? "memory.current" : "memory.usage_in_bytes"),
        memory.orZero(memory2 ? "inactive_file" : "total_inactive_file"),
        limit("memory", memory2 ? "memory.max" : "memory.limit_in_bytes"),
        keyed("memory", memory2 ? "memory.events" : "memory.oom_control").orZero("oom_kill"),
        cpu2
            ? microseconds(cpu, "usage_usec")
            : Duration.ofNanos(number("cpuacct", "cpuacct.usage")),
        cpu2 ? microseconds(cpu, "user_usec") : ticks(accounted, "user"),
        cpu2 ? microseconds(cpu, "system_usec") : ticks(accounted, "system"),
        cpu.orZero("nr_throttled"),
        cpu2 ? microseconds(cpu, "throttled_usec") : Duration.ofNanos(cpu.orZero("throttled_time")),
        number("pids", "pids.current"),
        limit("pids", "pids.max"),
        transferred(io, "rbytes", "Read"),
        transferred(io, "wbytes", "Write"));
  }

  /** Version 2: {@code 8:0 rbytes=1 wbytes=2 …}; version 1: {@code 8:0 Read 1}. */
  private long transferred(String controller, String key2, String key1) throws IOException {
    boolean version2 = controller.equals("io");
    String text =
        text(controller, version2 ? "io.stat" : "blkio.throttle.io_service_bytes").orElse("");
    String before = version2 ? " " + key2 + "=" : " " + key1 + " ";
    return text.lines()
        .filter(line -> line.contains(before))
        .map(line -> line.substring(line.indexOf(before) + before.length()).split(" ", 2)[0])
        .map(KeyedFile::number)
        .flatMap(Optional::stream)
        .mapToLong(Long::longValue)
        .sum();
  }

  private static Duration microseconds(KeyedFile file, String key) {
    return Duration.ofNanos(file.orZero(key) * 1000);
  }

  private static Duration ticks(KeyedFile file, String key) {
    return Duration.ofNanos(file.orZero(key) * NANOSECONDS_PER_TICK);
  }

  private KeyedFile keyed(String controller, String file) throws IOException {
    return KeyedFile.parse(text(controller, file).orElse(""));
  }

  private long number(String controller, String file) throws IOException {
    return text(controller, file).flatMap(KeyedFile::number).orElse(0L);
  }

  private OptionalLong limit(String controller, String file) throws IOException {
    return text(controller, file)
        .flatMap(KeyedFile::number)
        .filter(value -> value > 0 && value < V1_UNLIMITED)
        .map(OptionalLong::of)
        .orElse(OptionalLong.empty());
  }

  private Optional<String> text(String controller, String file) throws IOException {
    Optional<CgroupDirectory> found = directory.apply(controller);
    return found.isPresent() ? found.get().read(file) : Optional.empty();
  }
}
