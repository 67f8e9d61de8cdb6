package dev.coffer.plan.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.plan.PlanException;
import dev.coffer.spec.runtime.Linux;
import dev.coffer.spec.runtime.Pids;
import dev.coffer.spec.runtime.Resources;
import dev.coffer.spec.runtime.Spec;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OtherLimitsTest {
  private static Resources resources(String json) {
    String config = "{\"ociVersion\": \"1.3.0\", \"linux\": {\"resources\": " + json + "}}";
    return Spec.parse(config.getBytes(StandardCharsets.UTF_8))
        .linux()
        .flatMap(Linux::resources)
        .orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({"0,1", "1,1", "7,7", "-1,max", "-2,max"})
  void noProcessesAreALimit(long limit, String content) {
    assertThat(OtherLimits.pids(Pids.of(limit)))
        .containsExactly(CgroupSetting.of("pids", "pids.max", content, "pids.limit"));
  }

  @Test
  void aNetworkHasAClassAndPrioritiesByInterface() {
    Resources resources =
        resources(
            """
            {"network": {"classID": 1048577,
                         "priorities": [{"name": "eth0", "priority": 5}, {"name": "lo", "priority": 1}]}}
            """);
    assertThat(OtherLimits.network(resources.network().orElseThrow()))
        .containsExactly(
            CgroupSetting.of("net_cls", "net_cls.classid", 1048577, "network.classID"),
            CgroupSetting.of("net_prio", "net_prio.ifpriomap", "eth0 5", "network.priorities"),
            CgroupSetting.of("net_prio", "net_prio.ifpriomap", "lo 1", "network.priorities"));
  }

  @Test
  void rdmaIsLimitedByDevice() {
    Resources resources =
        resources(
            """
            {"rdma": {"mlx5_1": {"hcaHandles": 3, "hcaObjects": 10000}, "rxe3": {"hcaObjects": 4}}}
            """);
    assertThat(OtherLimits.rdma(resources.rdma()))
        .containsExactly(
            CgroupSetting.of("rdma", "rdma.max", "mlx5_1 hca_handle=3 hca_object=10000", "rdma"),
            CgroupSetting.of("rdma", "rdma.max", "rxe3 hca_object=4", "rdma"));
  }

  /** The kernel takes the letter for all of them for everything, whatever follows it. */
  @Test
  void aRuleWithoutATypeIsOneForEachWhereItIsNotForEverything() {
    Resources resources =
        resources(
            """
            {"devices": [{"allow": false, "access": "rw"},
                         {"allow": true, "access": "r"},
                         {"allow": true, "type": "a", "major": 1}]}
            """);
    assertThat(OtherLimits.devices(resources.devices()))
        .containsExactly(
            CgroupSetting.of("devices", "devices.deny", "a", "devices"),
            CgroupSetting.of("devices", "devices.allow", "c *:* r", "devices"),
            CgroupSetting.of("devices", "devices.allow", "b *:* r", "devices"),
            CgroupSetting.of("devices", "devices.allow", "c 1:* rwm", "devices"),
            CgroupSetting.of("devices", "devices.allow", "b 1:* rwm", "devices"));
  }

  @Test
  void aRuleThatTheKernelWouldPassOverIsRefused() {
    Resources resources =
        resources(
            """
            {"devices": [{"allow": false, "access": "rwm"},
                         {"allow": true, "type": "c", "major": 10, "access": "rw"},
                         {"allow": false, "type": "c", "major": 10, "minor": 237, "access": "w"}]}
            """);
    assertThatThrownBy(() -> OtherLimits.devices(resources.devices()))
        .isInstanceOf(PlanException.class)
        .hasMessageStartingWith(
            "linux.resources.devices: device rule 2: cannot take \"c 10:237 w\" out of \"c 10:* rw\"");
  }

  @Test
  void aNumberThatIsMinusOneIsAny() {
    Resources resources =
        resources(
            """
            {"devices": [{"allow": true, "major": -1, "minor": -1},
                         {"allow": true, "type": "c", "major": 42, "minor": -1, "access": "rw"},
                         {"allow": false, "type": "b", "major": -1, "minor": -1, "access": "m"}]}
            """);
    assertThat(OtherLimits.devices(resources.devices()))
        .containsExactly(
            CgroupSetting.of("devices", "devices.allow", "a", "devices"),
            CgroupSetting.of("devices", "devices.allow", "c 42:* rw", "devices"),
            CgroupSetting.of("devices", "devices.deny", "b *:* m", "devices"));
  }
}
