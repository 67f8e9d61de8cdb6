package dev.coffer.runtime.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.plan.CgroupLayout;
import dev.coffer.plan.CgroupLayout.Hierarchy;
import dev.coffer.plan.CgroupLayout.Mode;
import dev.coffer.plan.Feature;
import dev.coffer.plan.HostFacts;
import java.util.List;
import org.junit.jupiter.api.Test;

class HostProbeTest {
  @Test
  void thisHostIsKnown() throws Exception {
    HostFacts facts = HostProbe.probe();
    assertThat(facts.kernelRelease()).isNotEmpty();
    assertThat(facts.lastCapability()).isBetween(37, 63);
    assertThat(facts.hardLimits()).hasSize(16).containsKey("RLIMIT_NOFILE");
    assertThat(facts.cpusets().cpus()).matches("[0-9,-]+");
    // What every kernel from 5.15 on has, unless it is hidden by an outer container.
    assertThat(facts.features()).contains(Feature.PIDFD_GETFD, Feature.SECCOMP_FILTER);
  }

  @Test
  void aHybridHostIsToldFromItsMounts() {
    String mounts =
        """
        31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
        32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw shared:9 - cgroup cgroup rw,cpu,cpuacct
        33 31 0:30 / /sys/fs/cgroup/name\\040space rw - cgroup cgroup rw,xattr,name=systemd
        34 31 0:31 /box /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory
        35 31 0:29 / /mnt/again rw - cgroup cgroup rw,cpu,cpuacct
        41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw,nsdelegate
        """;
    String own =
        """
        4:memory:/box/inner
        3:name=systemd:/user.slice
        2:cpu,cpuacct:/
        0::/user.slice
        """;
    assertThat(CgroupMounts.parse(mounts, own, mountPoint -> List.of("hugetlb")))
        .isEqualTo(
            new CgroupLayout(
                Mode.HYBRID,
                List.of(
                    new Hierarchy(1, "/sys/fs/cgroup/cpu,cpuacct", List.of("cpu", "cpuacct"), "/"),
                    new Hierarchy(
                        1, "/sys/fs/cgroup/name space", List.of("name=systemd"), "/user.slice"),
                    new Hierarchy(1, "/sys/fs/cgroup/memory", List.of("memory"), "/inner"),
                    new Hierarchy(
                        2, "/sys/fs/cgroup/unified", List.of("hugetlb"), "/user.slice"))));
  }

  @Test
  void aHostOfVersionTwoHasOneHierarchy() {
    CgroupLayout layout =
        CgroupMounts.parse(
            "41 31 0:38 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n",
            "0::/a\n",
            mountPoint -> List.of("cpu", "memory"));
    assertThat(layout.mode()).isEqualTo(Mode.V2);
    assertThat(layout.of("memory")).isEqualTo(layout.unified());
  }
}
