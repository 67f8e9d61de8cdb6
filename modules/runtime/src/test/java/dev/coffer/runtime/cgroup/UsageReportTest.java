package dev.coffer.runtime.cgroup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.plan.CgroupLayout;
import dev.coffer.plan.CgroupLayout.Hierarchy;
import dev.coffer.plan.CgroupLayout.Mode;
import dev.coffer.spec.json.Json;
import dev.coffer.spec.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class UsageReportTest {
  private static final CgroupLayout VERSION_1 =
      new CgroupLayout(
          Mode.V1,
          List.of(
              new Hierarchy(1, "/memory", List.of("memory"), "/"),
              new Hierarchy(1, "/cpu", List.of("cpu", "cpuacct"), "/"),
              new Hierarchy(1, "/blkio", List.of("blkio"), "/")));
  private static final CgroupLayout VERSION_2 =
      new CgroupLayout(
          Mode.V2, List.of(new Hierarchy(2, "/", List.of("memory", "cpu", "io", "pids"), "/")));

  private static String report(CgroupLayout layout, Map<String, String> files, String part) {
    JsonObject report =
        new UsageReport((_, file) -> Optional.ofNullable(files.get(file)), layout).toJson();
    return Json.write(report.get(part).orElseThrow());
  }

  @Test
  void timesOfVersion1AreNanosecondsAndTicks() {
    Map<String, String> files =
        Map.of(
            "cpuacct.usage", "5000",
            "cpuacct.usage_percpu", "3000 2000 ",
            "cpuacct.stat", "user 2\nsystem 1",
            "cpu.stat", "nr_periods 4\nnr_throttled 3\nthrottled_time 77");
    assertThat(report(VERSION_1, files, "cpu"))
        .isEqualTo(
            "{\"usage\":{\"total\":5000,\"percpu\":[3000,2000],\"kernel\":10000000,\"user\":20000000},"
                + "\"throttling\":{\"periods\":4,\"throttledPeriods\":3,\"throttledTime\":77}}");
  }

  @Test
  void timesOfVersion2AreMicroseconds() {
    Map<String, String> files =
        Map.of("cpu.stat", "usage_usec 5\nuser_usec 3\nsystem_usec 2\nthrottled_usec 1");
    assertThat(report(VERSION_2, files, "cpu"))
        .isEqualTo(
            "{\"usage\":{\"total\":5000,\"kernel\":2000,\"user\":3000},"
                + "\"throttling\":{\"throttledTime\":1000}}");
  }

  @Test
  void noLimitOfVersion2IsTheLargestNumber() {
    Map<String, String> files =
        Map.of(
            "memory.max", "max",
            "memory.current", "100",
            "memory.swap.max", "max",
            "memory.swap.current", "10",
            "memory.events", "max 2",
            "memory.stat", "file 7");
    assertThat(report(VERSION_2, files, "memory"))
        .isEqualTo(
            "{\"cache\":7,\"usage\":{\"limit\":18446744073709551615,\"usage\":100,\"failcnt\":2},"
                + "\"swap\":{\"limit\":18446744073709551615,\"usage\":110,\"failcnt\":0},"
                + "\"kernel\":{\"limit\":0,\"failcnt\":0},\"kernelTCP\":{\"limit\":0,\"failcnt\":0},"
                + "\"raw\":{\"file\":7}}");
  }

  @Test
  void memoryOfVersion1HasFourCounters() {
    Map<String, String> files =
        Map.of(
            "memory.limit_in_bytes", "4096",
            "memory.usage_in_bytes", "100",
            "memory.max_usage_in_bytes", "200",
            "memory.failcnt", "1");
    assertThat(report(VERSION_1, files, "memory"))
        .contains("\"usage\":{\"limit\":4096,\"usage\":100,\"max\":200,\"failcnt\":1}");
  }

  @Test
  void devicesAreCountedByOperation() {
    String one = "[{\"major\":8,\"op\":\"Read\",\"value\":4096}]";
    assertThat(
            report(
                VERSION_1,
                Map.of(
                    "blkio.throttle.io_service_bytes_recursive", "8:0 Read 4096\nTotal 4096",
                    "blkio.bfq.io_service_bytes_recursive", "Total 0"),
                "blkio"))
        .isEqualTo("{\"ioServiceBytesRecursive\":" + one + "}");
    assertThat(report(VERSION_2, Map.of("io.stat", "8:0 rbytes=4096 rios=2"), "blkio"))
        .isEqualTo(
            "{\"ioServiceBytesRecursive\":"
                + one
                + ",\"ioServicedRecursive\":[{\"major\":8,\"op\":\"Read\",\"value\":2}]}");
  }

  @Test
  void aListOfRangesIsNumbers() {
    assertThat(Json.write(UsageReport.numbers("0-2,7"))).isEqualTo("[0,1,2,7]");
    assertThat(Json.write(UsageReport.numbers(""))).isEqualTo("[]");
  }

  @Test
  void hugePagesAreNamedAsTheControllerDoes() {
    assertThat(HugepageSizes.spelling(64)).isEqualTo("64KB");
    assertThat(HugepageSizes.spelling(2048)).isEqualTo("2MB");
    assertThat(HugepageSizes.spelling(1048576)).isEqualTo("1GB");
  }
}
