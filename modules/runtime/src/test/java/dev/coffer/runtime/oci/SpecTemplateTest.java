package dev.coffer.runtime.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.plan.CgroupLayout;
import dev.coffer.spec.runtime.Linux;
import dev.coffer.spec.runtime.NamespaceType;
import dev.coffer.spec.runtime.Spec;
import dev.coffer.spec.runtime.SpecValidator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpecTemplateTest {
  @Test
  void isValidAndOfTheNewestVersion() throws IOException {
    Spec spec = SpecTemplate.read();
    assertThat(SpecValidator.validate(spec)).isEmpty();
    assertThat(spec.ociVersion()).isEqualTo(Spec.VERSION);
  }

  @Test
  void writesWhatItReads(@TempDir Path bundle) throws IOException {
    SpecTemplate.write(bundle, false, CgroupLayout.Mode.V2);
    assertThat(Spec.parse(Files.readAllBytes(bundle.resolve("config.json"))))
        .isEqualTo(SpecTemplate.read());
  }

  @Test
  void givesNoCgroupNamespaceWhereCgroupsAreOfVersion1() throws IOException {
    Spec spec = SpecTemplate.of(SpecTemplate.read(), CgroupLayout.Mode.V1);
    assertThat(spec.linux().orElseThrow().namespaces())
        .isNotEmpty()
        .noneMatch(each -> each.type() == NamespaceType.CGROUP);
  }

  @Test
  void leavesAConfigAlone(@TempDir Path bundle) throws IOException {
    Files.writeString(bundle.resolve("config.json"), "mine");
    assertThatThrownBy(() -> SpecTemplate.write(bundle, false, CgroupLayout.Mode.V2))
        .isInstanceOf(OciException.class)
        .hasMessageContaining("it exists");
    assertThat(bundle.resolve("config.json")).hasContent("mine");
  }

  @Test
  void withoutPrivilegesThereIsOneUserAndTheHostsNetwork() throws IOException {
    Spec spec = SpecTemplate.rootless(SpecTemplate.read(), 1000, 100);
    assertThat(SpecValidator.validate(spec)).isEmpty();
    Linux linux = spec.linux().orElseThrow();
    assertThat(linux.namespaces())
        .extracting(namespace -> namespace.type())
        .contains(NamespaceType.USER)
        .doesNotContain(NamespaceType.NETWORK);
    assertThat(linux.uidMappings().getFirst().hostId()).isEqualTo(1000);
    assertThat(linux.gidMappings().getFirst().hostId()).isEqualTo(100);
    assertThat(spec.mounts()).noneMatch(mount -> mount.options().contains("gid=5"));
    assertThat(spec.mounts())
        .noneMatch(mount -> mount.type().equals(java.util.Optional.of("sysfs")));
  }
}
