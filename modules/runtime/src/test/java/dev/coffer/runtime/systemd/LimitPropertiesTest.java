package dev.coffer.runtime.systemd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.plan.CgroupLayout;
import dev.coffer.plan.CgroupLayout.Hierarchy;
import dev.coffer.plan.CgroupLayout.Mode;
import dev.coffer.runtime.dbus.Value;
import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.Limits;
import dev.coffer.spec.runtime.DeviceRule;
import dev.coffer.spec.runtime.Resources;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LimitPropertiesTest {
  private static final String DRIVERS =
      """
      Character devices:
        1 mem
      136 pts

      Block devices:
      136 other
      254 virtblk
      """;

  private static final CgroupLayout UNIFIED =
      new CgroupLayout(
          Mode.V2,
          List.of(
              new Hierarchy(
                  2,
                  "/sys/fs/cgroup",
                  List.of("cpuset", "cpu", "io", "memory", "hugetlb", "pids"),
                  "/")));

  private static final CgroupLayout HYBRID =
      new CgroupLayout(
          Mode.HYBRID,
          List.of(
              new Hierarchy(1, "/cpu", List.of("cpu"), "/"),
              new Hierarchy(1, "/cpuset", List.of("cpuset"), "/"),
              new Hierarchy(1, "/memory", List.of("memory"), "/"),
              new Hierarchy(1, "/pids", List.of("pids"), "/"),
              new Hierarchy(1, "/blkio", List.of("blkio"), "/"),
              new Hierarchy(1, "/devices", List.of("devices"), "/"),
              new Hierarchy(2, "/unified", List.of(), "/")));

  private static Resources resources(String json) {
    return Resources.read(
        JsonCursor.read("resources", json.getBytes(StandardCharsets.UTF_8), Limits.CONFIG));
  }

  private static List<UnitProperty> of(String json, CgroupLayout layout, int version) {
    return LimitProperties.of(resources(json), layout, version, DRIVERS);
  }

  private static UnitProperty amount(String name, long value) {
    return new UnitProperty(name, Value.uint64(value));
  }

  private static UnitProperty device(String name, String path, long value) {
    return new UnitProperty(
        name,
        new Value.Sequence("(st)", List.of(Value.struct(Value.of(path), Value.uint64(value)))));
  }

  private static final String EVERYTHING =
      """
      {"memory":{"limit":67108864,"reservation":33554432,"swap":134217728},
       "cpu":{"shares":512,"quota":50000,"period":100000,"cpus":"0-2,9","mems":"0"},
       "pids":{"limit":20},
       "hugepageLimits":[{"pageSize":"2MB","limit":0}],
       "blockIO":{"weight":500,"throttleReadBpsDevice":[{"major":254,"minor":0,"rate":1048576}]}}
      """;

  @Test
  void areTheOnesOfVersion2() {
    assertThat(of(EVERYTHING, UNIFIED, 252))
        .containsExactly(
            amount("MemoryMax", 67_108_864),
            amount("MemorySwapMax", 67_108_864),
            amount("MemoryLow", 33_554_432),
            amount("CPUWeight", 59),
            amount("CPUQuotaPeriodUSec", 100_000),
            amount("CPUQuotaPerSecUSec", 500_000),
            new UnitProperty("AllowedCPUs", Value.bytes(new byte[] {7, 2, 0, 0, 0, 0, 0, 0})),
            new UnitProperty(
                "AllowedMemoryNodes", Value.bytes(new byte[] {1, 0, 0, 0, 0, 0, 0, 0})),
            amount("TasksMax", 20),
            amount("IOWeight", 4950),
            device("IOReadBandwidthMax", "/dev/block/254:0", 1_048_576));
  }

  @Test
  void areTheOnesOfVersion1() {
    assertThat(of(EVERYTHING, HYBRID, 252))
        .containsExactly(
            amount("MemoryLimit", 67_108_864),
            amount("CPUShares", 512),
            amount("TasksMax", 20),
            amount("BlockIOWeight", 500),
            device("BlockIOReadBandwidth", "/dev/block/254:0", 1_048_576),
            amount("CPUQuotaPeriodUSec", 100_000),
            amount("CPUQuotaPerSecUSec", 500_000));
  }

  @Test
  void anOldSystemdIsNotAskedForWhatItDoesNotKnow() {
    assertThat(of(EVERYTHING, UNIFIED, 239))
        .extracting(UnitProperty::name)
        .contains("CPUQuotaPerSecUSec")
        .doesNotContain("CPUQuotaPeriodUSec", "AllowedCPUs", "AllowedMemoryNodes");
    assertThat(of("{\"cpu\":{\"idle\":1}}", UNIFIED, 251)).isEmpty();
    assertThat(of("{\"cpu\":{\"idle\":1}}", UNIFIED, 252)).containsExactly(amount("CPUWeight", 0));
  }

  @Test
  void noLimitIsInfinity() {
    assertThat(
            of(
                "{\"memory\":{\"limit\":-1,\"swap\":-1},\"cpu\":{\"quota\":-1},\"pids\":{\"limit\":-1}}",
                UNIFIED,
                252))
        .containsExactly(
            amount("MemoryMax", -1),
            amount("MemorySwapMax", -1),
            amount("CPUQuotaPeriodUSec", 100_000),
            amount("CPUQuotaPerSecUSec", -1),
            amount("TasksMax", -1));
    assertThat(of("{\"cpu\":{\"quota\":-1},\"memory\":{\"limit\":-1}}", HYBRID, 252))
        .containsExactly(
            amount("MemoryLimit", -1),
            amount("CPUQuotaPeriodUSec", 100_000),
            amount("CPUQuotaPerSecUSec", -1));
  }

  @Test
  void aQuotaIsNoLessThanWasAskedFor() {
    assertThat(of("{\"cpu\":{\"quota\":45678,\"period\":100000}}", UNIFIED, 252))
        .contains(amount("CPUQuotaPerSecUSec", 460_000));
    assertThat(of("{\"cpu\":{\"quota\":1000,\"period\":1000000}}", UNIFIED, 252))
        .contains(amount("CPUQuotaPerSecUSec", 10_000));
  }

  @Test
  void noProcessesAtAllIsOneForSystemd() {
    assertThat(of("{\"pids\":{\"limit\":0}}", UNIFIED, 252)).containsExactly(amount("TasksMax", 1));
  }

  @Test
  void filesOfVersion2AreKnown() {
    assertThat(
            of(
                "{\"unified\":{\"memory.high\":\"1000\",\"memory.min\":\"max\",\"cpu.max\":\"max 50000\","
                    + "\"io.max\":\"8:0 riops=5 wbps=max\\n8:16 rbps=6\",\"io.weight\":\"default 7\","
                    + "\"memory.oom.group\":\"1\",\"pids.max\":\"nonsense\",\"cpu.weight\":\"idle\"}}",
                UNIFIED,
                252))
        .containsExactly(
            amount("MemoryHigh", 1000),
            amount("MemoryMin", -1),
            amount("CPUQuotaPeriodUSec", 50_000),
            amount("CPUQuotaPerSecUSec", -1),
            device("IOReadIOPSMax", "/dev/block/8:0", 5),
            device("IOWriteBandwidthMax", "/dev/block/8:0", -1),
            device("IOReadBandwidthMax", "/dev/block/8:16", 6),
            amount("IOWeight", 7));
  }

  @Test
  void devicesAreSystemdsInVersion1Alone() {
    List<DeviceRule> rules = new ArrayList<>(List.of(DeviceRule.DENY_ALL));
    rules.addAll(DeviceRule.DEFAULTS);
    Resources limited = Resources.builder().devices(rules).build();
    assertThat(LimitProperties.of(limited, UNIFIED, 252, DRIVERS)).isEmpty();
    List<UnitProperty> made = LimitProperties.of(limited, HYBRID, 252, DRIVERS);
    assertThat(made.getFirst()).isEqualTo(new UnitProperty("DevicePolicy", Value.of("strict")));
    assertThat(made.get(1).name()).isEqualTo("DeviceAllow");
    assertThat(((Value.Sequence) made.get(1).value()).values())
        .contains(
            Value.struct(Value.of("/dev/char/1:3"), Value.of("rwm")),
            Value.struct(Value.of("char-pts"), Value.of("rwm")),
            Value.struct(Value.of("char-*"), Value.of("m")),
            Value.struct(Value.of("block-*"), Value.of("m")));
  }

  @Test
  void allDevicesNeedNoList() {
    DeviceRule all = resources("{\"devices\":[{\"allow\":true}]}").devices().getFirst();
    assertThat(
            LimitProperties.of(
                Resources.builder().devices(List.of(all)).build(), HYBRID, 252, DRIVERS))
        .containsExactly(new UnitProperty("DevicePolicy", Value.of("auto")));
  }
}
