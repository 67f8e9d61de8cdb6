package dev.coffer.engine.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.engine.model.BootstrapRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a request comes to, and the command lines that it becomes. */
class RecipeTest {

  private static BootstrapRequest request(String distribution) {
    return new BootstrapRequest(
        distribution,
        Optional.empty(),
        List.of(),
        "minbase",
        List.of(),
        List.of(),
        Optional.empty(),
        Optional.of("linux/amd64"),
        Optional.empty(),
        List.of(),
        Map.of());
  }

  private static BootstrapRequest with(
      List<String> include, List<String> mirrors, Optional<String> platform) {
    return new BootstrapRequest(
        "debian:bookworm",
        Optional.empty(),
        include,
        "minbase",
        List.of("main", "contrib"),
        mirrors,
        Optional.of("/keys.gpg"),
        platform,
        Optional.empty(),
        List.of(),
        Map.of());
  }

  @Test
  void aReleaseComesWithItsFixes() {
    assertThat(Recipe.of(request("debian:12")).sources())
        .containsExactly(
            "deb http://deb.debian.org/debian bookworm main",
            "deb http://deb.debian.org/debian bookworm-updates main",
            "deb http://deb.debian.org/debian-security bookworm-security main");
  }

  @Test
  void aRollingReleaseHasNone() {
    assertThat(Recipe.of(request("debian:sid")).sources())
        .containsExactly("deb http://deb.debian.org/debian sid main");
  }

  @ParameterizedTest
  @CsvSource({
    "debian, stable",
    "debian:13, trixie",
    "debian:buster, buster",
    "ubuntu:24.04, noble",
    "devuan:5, daedalus",
    "kali, kali-rolling"
  })
  void releasesHaveNumbersAndNames(String given, String suite) {
    assertThat(Recipe.of(request(given)).suite()).isEqualTo(suite);
  }

  @Test
  void anOwnMirrorIsTheOnlyOne() {
    Recipe recipe =
        Recipe.of(with(List.of("curl"), List.of("https://mirror.example/d"), Optional.empty()));
    assertThat(recipe.sources())
        .containsExactly("deb https://mirror.example/d bookworm main contrib");
    assertThat(recipe.mirror()).isEqualTo("https://mirror.example/d");
  }

  @ParameterizedTest
  @CsvSource({
    "linux/amd64, amd64",
    "linux/arm64, arm64",
    "linux/386, i386",
    "linux/arm/v7, armhf",
    "linux/arm/v5, armel",
    "linux/ppc64le, ppc64el"
  })
  void processorsHaveDebiansNames(String platform, String architecture) {
    assertThat(Recipe.of(with(List.of(), List.of(), Optional.of(platform))).architecture())
        .isEqualTo(architecture);
  }

  @Test
  void otherProcessorsOfUbuntuAreElsewhere() {
    BootstrapRequest arm =
        new BootstrapRequest(
            "ubuntu:noble",
            Optional.empty(),
            List.of(),
            "minbase",
            List.of(),
            List.of(),
            Optional.empty(),
            Optional.of("linux/arm64"),
            Optional.empty(),
            List.of(),
            Map.of());
    assertThat(Recipe.of(arm).mirror()).isEqualTo("http://ports.ubuntu.com/ubuntu-ports");
  }

  @Test
  void mmdebstrapWritesATarToStandardOutput() {
    Recipe recipe = Recipe.of(with(List.of("curl", "jq"), List.of(), Optional.of("linux/amd64")));
    assertThat(Tool.MMDEBSTRAP.command("/usr/bin/mmdebstrap", recipe))
        .startsWith(
            "/usr/bin/mmdebstrap",
            "--format=tar",
            "--variant=minbase",
            "--architectures=amd64",
            "--keyring=/keys.gpg",
            "--include=curl,jq")
        .containsSequence(
            "bookworm", "-", "deb http://deb.debian.org/debian bookworm main contrib");
  }

  @Test
  void debootstrapIsGivenOnePlace() {
    Recipe recipe = Recipe.of(with(List.of("curl"), List.of(), Optional.of("linux/arm64")));
    assertThat(Tool.DEBOOTSTRAP.command("/usr/sbin/debootstrap", recipe))
        .endsWith(
            "bookworm",
            "http://deb.debian.org/debian",
            "/usr/sbin/debootstrap",
            "--variant=minbase",
            "--arch=arm64",
            "--keyring=/keys.gpg",
            "--components=main,contrib",
            "--include=curl");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "fedora:40 | unknown distribution \"fedora\"",
        "ubuntu | a release is wanted, such as \"ubuntu:noble\"",
        "debian:-evil | invalid release \"-evil\"",
        "debian:a b | invalid release \"a b\"",
        "debian:$(id) | invalid release \"$(id)\""
      })
  void whatIsNotKnownIsRefused(String given, String message) {
    assertThatThrownBy(() -> Recipe.of(request(given)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void wordsThatWouldBeOptionsAreRefused() {
    assertThatThrownBy(() -> Recipe.of(with(List.of("--hook=x"), List.of(), Optional.empty())))
        .hasMessage("invalid package \"--hook=x\"");
    assertThatThrownBy(() -> Recipe.of(with(List.of(), List.of("a b"), Optional.empty())))
        .hasMessageContaining("invalid mirror \"a b\"");
    assertThatThrownBy(() -> Recipe.of(with(List.of(), List.of(), Optional.of("windows/amd64"))))
        .hasMessageContaining("has no packages");
  }
}
