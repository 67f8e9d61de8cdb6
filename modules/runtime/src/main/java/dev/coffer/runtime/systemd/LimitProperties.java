package dev.coffer.runtime.systemd;

import dev.coffer.plan.CgroupLayout;
import dev.coffer.plan.CgroupLayout.Hierarchy;
import dev.coffer.plan.bpf.DeviceAccess;
import dev.coffer.plan.bpf.DeviceList;
import dev.coffer.plan.compile.CgroupSetting;
import dev.coffer.plan.compile.CgroupSettings;
import dev.coffer.plan.compile.NumberList;
import dev.coffer.runtime.dbus.Value;
import dev.coffer.spec.runtime.Cpu;
import dev.coffer.spec.runtime.DeviceRule;
import dev.coffer.spec.runtime.DeviceType;
import dev.coffer.spec.runtime.Resources;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Limits as systemd has them (systemd.resource-control(5)). They are in the cgroup's files as well,
 * exactly; systemd has to know them because it writes its own again whenever it is reloaded. Limits
 * that it does not know, it leaves alone.
 */
public final class LimitProperties {
  private static final long INFINITY = -1;
  private static final long SECOND_MICROS = 1_000_000;
  private static final long DEFAULT_PERIOD_MICROS = 100_000;

  /** Quotas are kept as whole percents of a CPU. */
  private static final long PERCENT_MICROS = SECOND_MICROS / 100;

  private static final int PERIOD_SINCE = 242;
  private static final int CPUSET_SINCE = 244;
  private static final int IDLE_SINCE = 252;

  private final CgroupLayout layout;
  private final int version;
  private final List<UnitProperty> properties = new ArrayList<>();

  /** The text of /proc/devices. */
  private final String drivers;

  private LimitProperties(CgroupLayout layout, int version, String drivers) {
    this.layout = layout;
    this.version = version;
    this.drivers = drivers;
  }

  /**
   * The limits that systemd knows.
   *
   * @param version of systemd
   * @param drivers the text of /proc/devices
   */
  public static List<UnitProperty> of(
      Resources resources, CgroupLayout layout, int version, String drivers) {
    LimitProperties made = new LimitProperties(layout, version, drivers);
    Resources others = resources.toBuilder().devices(List.of()).build();
    for (CgroupSetting setting : CgroupSettings.of(others, layout)) {
      setting.contents().forEach(made::add);
    }
    if (made.versionOf("cpu") == 1) {
      resources.cpu().ifPresent(made::quotaOfVersion1);
    }
    resources
        .unified()
        .forEach(
            (file, value) -> CgroupSettings.lines(value).forEach(line -> made.add(file, line)));
    if (layout.of("devices").isPresent()) {
      made.devices(resources.devices());
    }
    return List.copyOf(made.properties);
  }

  private int versionOf(String controller) {
    return layout.of(controller).map(Hierarchy::version).orElse(0);
  }

  private void add(String file, String content) {
    switch (file) {
      case "memory.max" -> amount("MemoryMax", content);
      case "memory.high" -> amount("MemoryHigh", content);
      case "memory.low" -> amount("MemoryLow", content);
      case "memory.min" -> amount("MemoryMin", content);
      case "memory.swap.max" -> amount("MemorySwapMax", content);
      case "memory.limit_in_bytes" -> amount("MemoryLimit", content);
      case "pids.max" -> tasks(content);
      case "cpu.weight" -> amount("CPUWeight", content);
      case "cpu.idle" -> idle(content);
      case "cpu.shares" -> amount("CPUShares", content);
      case "cpu.max" -> quota(content);
      case "cpuset.cpus" -> set("AllowedCPUs", content);
      case "cpuset.mems" -> set("AllowedMemoryNodes", content);
      case "io.weight" -> weight("IOWeight", "IODeviceWeight", content);
      case "blkio.weight", "blkio.weight_device" ->
          weight("BlockIOWeight", "BlockIODeviceWeight", content);
      case "io.max" -> rates(content);
      case "blkio.throttle.read_bps_device" -> rate("BlockIOReadBandwidth", content);
      case "blkio.throttle.write_bps_device" -> rate("BlockIOWriteBandwidth", content);
      default -> {}
    }
  }

  private void put(String name, Value value) {
    properties.add(new UnitProperty(name, value));
  }

  /** What is no number is for the kernel to refuse. */
  private static Optional<Long> number(String content) {
    if (content.equals("max") || content.equals("-1")) {
      return Optional.of(INFINITY);
    }
    return content.matches("[0-9]{1,18}") ? Optional.of(Long.valueOf(content)) : Optional.empty();
  }

  private void amount(String name, String content) {
    number(content.strip()).ifPresent(number -> put(name, Value.uint64(number)));
  }

  /** None at all is one too few for systemd. */
  private void tasks(String content) {
    amount("TasksMax", content.equals("0") ? "1" : content);
  }

  private void idle(String content) {
    if (content.equals("1") && version >= IDLE_SINCE && versionOf("cpu") == 2) {
      put("CPUWeight", Value.uint64(0));
    }
  }

  /** {@code QUOTA PERIOD}, as in {@code cpu.max}. */
  private void quota(String content) {
    String[] parts = content.strip().split(" ", -1);
    Optional<Long> quota = number(parts[0]);
    Optional<Long> period =
        parts.length == 1 ? Optional.of(DEFAULT_PERIOD_MICROS) : number(parts[1]);
    if (quota.isPresent() && period.filter(micros -> micros > 0).isPresent()) {
      quota(quota.get(), period.get());
    }
  }

  private void quotaOfVersion1(Cpu cpu) {
    long quota = cpu.quota().orElse(0L);
    if (quota != 0) {
      long period = cpu.period().filter(micros -> micros > 0).orElse(DEFAULT_PERIOD_MICROS);
      quota(quota < 0 ? INFINITY : quota, period);
    }
  }

  private void quota(long quota, long period) {
    if (version >= PERIOD_SINCE) {
      put("CPUQuotaPeriodUSec", Value.uint64(period));
    }
    long share = quota;
    if (quota >= 0) {
      double percents = (double) quota * SECOND_MICROS / period / PERCENT_MICROS;
      share = (long) Math.ceil(percents) * PERCENT_MICROS;
    }
    put("CPUQuotaPerSecUSec", Value.uint64(share));
  }

  private void set(String name, String list) {
    if (version >= CPUSET_SINCE && versionOf("cpuset") == 2 && !list.isBlank()) {
      put(name, Value.bytes(NumberList.mask(list.strip(), "linux.resources.cpu").toArray()));
    }
  }

  /** {@code WEIGHT}, or {@code MAJOR:MINOR WEIGHT}. */
  private void weight(String name, String forDevice, String content) {
    String[] parts = content.strip().split(" ", -1);
    if (parts.length == 1) {
      amount(name, content);
    } else if (parts[0].equals("default")) {
      amount(name, parts[1]);
    } else {
      device(forDevice, parts[0], parts[1]);
    }
  }

  private void rate(String name, String content) {
    String[] parts = content.split(" ", -1);
    if (parts.length == 2) {
      device(name, parts[0], parts[1]);
    }
  }

  /** {@code MAJOR:MINOR KEY=RATE…}, as in {@code io.max}. */
  private void rates(String content) {
    String[] parts = content.strip().split(" ", -1);
    for (int i = 1; i < parts.length; i++) {
      String[] pair = parts[i].split("=", 2);
      Map<String, String> names =
          Map.of(
              "rbps", "IOReadBandwidthMax",
              "wbps", "IOWriteBandwidthMax",
              "riops", "IOReadIOPSMax",
              "wiops", "IOWriteIOPSMax");
      if (pair.length == 2 && names.containsKey(pair[0])) {
        device(names.get(pair[0]), parts[0], pair[1]);
      }
    }
  }

  private void device(String name, String numbers, String content) {
    Optional<Long> value = number(content);
    if (value.isPresent() && numbers.matches("[0-9]+:[0-9]+")) {
      Value entry = Value.struct(Value.of("/dev/block/" + numbers), Value.uint64(value.get()));
      put(name, new Value.Sequence("(st)", List.of(entry)));
    }
  }

  /**
   * For version 1, where systemd writes the list of the cgroup. In version 2 systemd would have a
   * filter of its own beside the container's, which is there already.
   */
  private void devices(List<DeviceRule> rules) {
    if (rules.isEmpty()) {
      return;
    }
    DeviceList list = DeviceList.of(rules);
    if (list.allowByDefault()) {
      // It has no exceptions from that.
      put("DevicePolicy", Value.of("auto"));
      return;
    }
    put("DevicePolicy", Value.of("strict"));
    List<Value> allowed = new ArrayList<>();
    for (DeviceAccess access : list.exceptions()) {
      name(access)
          .ifPresent(
              name ->
                  allowed.add(Value.struct(Value.of(name), Value.of(letters(access.access())))));
    }
    put("DeviceAllow", new Value.Sequence("(ss)", allowed));
  }

  /** A node by its numbers, or all of a driver. There is no name for a minor number of any. */
  private Optional<String> name(DeviceAccess access) {
    String kind = access.type() == DeviceType.BLOCK ? "block" : "char";
    boolean whole = access.minor() == DeviceAccess.ANY;
    if (access.major() == DeviceAccess.ANY) {
      return whole ? Optional.of(kind + "-*") : Optional.empty();
    }
    return whole
        ? driver(access).map(driver -> kind + "-" + driver)
        : Optional.of("/dev/%s/%d:%d".formatted(kind, access.major(), access.minor()));
  }

  /** The file has the character devices first, then those of blocks, under headings. */
  private Optional<String> driver(DeviceAccess access) {
    int blocks = Math.max(0, drivers.indexOf("Block devices:"));
    String part =
        access.type() == DeviceType.BLOCK
            ? drivers.substring(blocks)
            : drivers.substring(0, blocks);
    return part.lines()
        .map(line -> line.strip().split(" +", 2))
        .filter(words -> words.length == 2 && words[0].equals(Long.toString(access.major())))
        .map(words -> words[1])
        .findFirst();
  }

  private static String letters(int access) {
    StringBuilder letters = new StringBuilder();
    letters.append((access & DeviceAccess.READ) != 0 ? "r" : "");
    letters.append((access & DeviceAccess.WRITE) != 0 ? "w" : "");
    return letters.append((access & DeviceAccess.MAKE_NODE) != 0 ? "m" : "").toString();
  }
}
