package dev.coffer.runtime.oci;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.plan.CgroupLayout;
import dev.coffer.plan.CgroupLayout.Hierarchy;
import dev.coffer.plan.CgroupLayout.Mode;
import dev.coffer.spec.runtime.Spec;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExternalMountsTest {
  private static final String CONFIG =
      """
      {"ociVersion": "1.0.2",
       "mounts": [{"destination": "/sys/fs/cgroup/", "type": "cgroup", "source": "cgroup"}]}
      """;

  private static List<String> cgroups(CgroupLayout layout) throws Exception {
    Spec spec = Spec.parse(CONFIG.getBytes(StandardCharsets.UTF_8));
    return ExternalMounts.sources(spec, "/bundle", layout, "/pod/web").entrySet().stream()
        .filter(each -> each.getKey().startsWith("/sys/fs/cgroup"))
        .map(each -> each.getKey() + " from " + each.getValue())
        .toList();
  }

  @Test
  void eachHierarchyOfVersion1IsTheContainersOwnPart() throws Exception {
    CgroupLayout layout =
        new CgroupLayout(
            Mode.HYBRID,
            List.of(
                new Hierarchy(1, "/cgroups/cpu,cpuacct", List.of("cpu", "cpuacct"), "/"),
                new Hierarchy(2, "/cgroups/unified", List.of(), "/")));
    assertThat(cgroups(layout))
        .containsExactly(
            "/sys/fs/cgroup/cpu,cpuacct from /cgroups/cpu,cpuacct/pod/web",
            "/sys/fs/cgroup/unified from /cgroups/unified/pod/web");
  }

  @Test
  void theOneOfVersion2IsInTheImage() throws Exception {
    CgroupLayout layout =
        new CgroupLayout(
            Mode.V2, List.of(new Hierarchy(2, "/sys/fs/cgroup", List.of("pids"), "/")));
    assertThat(cgroups(layout)).isEmpty();
  }
}
