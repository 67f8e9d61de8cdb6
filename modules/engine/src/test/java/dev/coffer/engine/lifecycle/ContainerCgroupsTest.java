package dev.coffer.engine.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ContainerCgroupsTest {
  @Test
  void versionTwoIsTheLineWithoutControllers() {
    assertThat(ContainerCgroups.unifiedPath("4:memory:/box\n0::/coffer/web/init.scope\n"))
        .contains("/coffer/web/init.scope");
    assertThat(ContainerCgroups.unifiedPath("4:memory:/box\n1:name=0:::/x\n")).isEmpty();
  }
}
