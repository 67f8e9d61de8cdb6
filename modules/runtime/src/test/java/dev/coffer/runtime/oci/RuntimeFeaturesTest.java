package dev.coffer.runtime.oci;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.plan.CgroupLayout;
import dev.coffer.plan.CgroupLayout.Hierarchy;
import dev.coffer.plan.CgroupLayout.Mode;
import dev.coffer.plan.Cpusets;
import dev.coffer.plan.Feature;
import dev.coffer.plan.HostFacts;
import dev.coffer.plan.wire.Architecture;
import dev.coffer.spec.json.Json;
import dev.coffer.spec.json.JsonArray;
import dev.coffer.spec.json.JsonObject;
import dev.coffer.spec.json.JsonString;
import dev.coffer.spec.json.JsonValue;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The rules are those of features-schema.json and features-linux.json of the specification. */
class RuntimeFeaturesTest {
  private static final Set<String> MEMBERS =
      Set.of(
          "ociVersionMin",
          "ociVersionMax",
          "hooks",
          "mountOptions",
          "annotations",
          "potentiallyUnsafeConfigAnnotations",
          "linux");

  private static HostFacts host(Set<Feature> features) {
    CgroupLayout layout =
        new CgroupLayout(
            Mode.V2, List.of(new Hierarchy(2, "/sys/fs/cgroup", List.of("memory"), "/")));
    return new HostFacts(
        Architecture.X86_64,
        "6.1",
        layout,
        false,
        37,
        -1,
        -1,
        Map.of(),
        features,
        Cpusets.ofHost("0", "0"),
        true,
        false);
  }

  private static JsonObject features(Feature... lacking) {
    Set<Feature> features = EnumSet.allOf(Feature.class);
    features.removeAll(List.of(lacking));
    return RuntimeFeatures.of(host(features), false);
  }

  private static JsonObject linux(Feature... lacking) {
    return (JsonObject) features(lacking).get("linux").orElseThrow();
  }

  private static List<String> strings(JsonValue array) {
    return ((JsonArray) array).stream().map(each -> ((JsonString) each).value()).toList();
  }

  @Test
  void membersAreThoseOfTheSchema() {
    assertThat(MEMBERS).containsAll(features().members().keySet());
    assertThat(features().members()).containsKeys("ociVersionMin", "ociVersionMax");
    assertThat(strings(features().get("hooks").orElseThrow())).hasSize(6);
  }

  @Test
  void annotationsThatChangeWhatItDoesAreNamed() {
    assertThat(strings(features().get("potentiallyUnsafeConfigAnnotations").orElseThrow()))
        .containsExactly("org.criu.config", "org.systemd.property.");
  }

  @Test
  void capabilitiesAreTheKernels() {
    assertThat(strings(linux().get("capabilities").orElseThrow()))
        .allMatch(name -> name.matches("CAP_[A-Z_]+"))
        .hasSize(38)
        .doesNotContain("CAP_PERFMON");
  }

  @Test
  void whatTheHostLacksIsNotSaid() {
    assertThat(strings(linux().get("namespaces").orElseThrow())).contains("time", "user");
    assertThat(strings(linux(Feature.TIME_NAMESPACE).get("namespaces").orElseThrow()))
        .doesNotContain("time")
        .contains("user");
    JsonObject seccomp =
        (JsonObject)
            linux(Feature.SECCOMP_NOTIFY, Feature.SECCOMP_WAIT_KILLABLE)
                .get("seccomp")
                .orElseThrow();
    assertThat(strings(seccomp.get("actions").orElseThrow())).doesNotContain("SCMP_ACT_NOTIFY");
    assertThat(strings(seccomp.get("supportedFlags").orElseThrow()))
        .doesNotContain("SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV");
    assertThat(strings(seccomp.get("knownFlags").orElseThrow()))
        .contains("SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV");
  }

  @Test
  void resourceClassesAreWholeOrNotThere() {
    assertThat(Json.write(linux().get("intelRdt").orElseThrow()))
        .isEqualTo("{\"enabled\":true,\"schemata\":true,\"monitoring\":true}");
    assertThat(Json.write(linux(Feature.RESCTRL).get("intelRdt").orElseThrow()))
        .isEqualTo("{\"enabled\":false,\"schemata\":false,\"monitoring\":false}");
  }

  @Test
  void cgroupsAreThoseThatAreMounted() {
    assertThat(Json.write(linux().get("cgroup").orElseThrow()))
        .isEqualTo(
            "{\"v1\":false,\"v2\":true,\"systemd\":false,\"systemdUser\":false,\"rdma\":false}");
    assertThat(Json.write(linux().get("apparmor").orElseThrow())).isEqualTo("{\"enabled\":true}");
    assertThat(Json.write(linux().get("selinux").orElseThrow())).isEqualTo("{\"enabled\":false}");
  }
}
