package dev.coffer.image.registry.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.coffer.image.ImageException;
import dev.coffer.image.registry.RegistryAccess;
import dev.coffer.spec.image.Reference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShortNamesTest {
  @TempDir Path system;

  private void conf(String place, String text) throws IOException {
    Path file = system.resolve(place);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private String resolve(String text) throws IOException {
    return ShortNames.of(RegistryAccess.of(Map.of()), system).resolve(text).toString();
  }

  @Test
  void dockersRulesHoldWhateverPodmanIsTold() throws Exception {
    conf(
        "etc/containers/registries.conf",
        "unqualified-search-registries=[\"quay.io\"]\n[aliases]\nfedora=\"r.example/fedora\"\n");
    assertThat(resolve("fedora")).isEqualTo("docker.io/library/fedora");
    assertThat(resolve("a/b:1")).isEqualTo("docker.io/a/b:1");
  }

  @Test
  void ownAliasesComeFirst() throws Exception {
    conf(
        "etc/coffer/registries.conf",
        "unqualified-search-registries=[\"quay.io\"]\n[aliases]\nfedora=\"r.example/fedora\"\n");
    assertThat(resolve("fedora:42")).isEqualTo("r.example/fedora:42");
    String digest = "sha256:" + "a".repeat(64);
    assertThat(resolve("fedora:42@" + digest)).isEqualTo("r.example/fedora:42@" + digest);
    assertThat(resolve("team/app")).isEqualTo("quay.io/team/app");
    assertThat(resolve("docker.io/team/app")).isEqualTo("docker.io/team/app");
    assertThat(resolve("localhost/app")).isEqualTo("localhost/app");
  }

  private List<String> local(String text) throws IOException {
    return ShortNames.of(RegistryAccess.of(Map.of()), system).localMeanings(text).stream()
        .map(Reference::toString)
        .toList();
  }

  @Test
  void whatIsHereIsLookedForAsPodmanDoes() throws Exception {
    assertThat(local("fedora")).isEmpty();
    conf(
        "etc/coffer/registries.conf",
        """
        unqualified-search-registries=["quay.io","docker.io","r.example"]
        [aliases]
        fedora="r.example/fedora"
        """);
    assertThat(local("fedora:42")).containsExactly("r.example/fedora:42", "quay.io/fedora:42");
    assertThat(local("team/app")).containsExactly("quay.io/team/app", "r.example/team/app");
    assertThat(local("beef")).containsExactly("quay.io/beef", "r.example/beef");
    assertThat(local("docker.io/team/app")).isEmpty();
    assertThat(local("localhost/app")).isEmpty();
    assertThat(local("a".repeat(64))).isEmpty();
    assertThat(local("No Name")).isEmpty();
  }

  @Test
  void aNameThatCouldComeFromSeveralPlacesIsRefused() throws Exception {
    conf(
        "etc/coffer/registries.conf",
        "unqualified-search-registries=[\"quay.io\",\"docker.io\"]\nshort-name-mode=\"disabled\"\n");
    assertThatExceptionOfType(ImageException.class)
        .isThrownBy(() -> resolve("app:1"))
        .withMessageStartingWith("short name \"app\" could mean quay.io/app or docker.io/app (");
  }
}
