package dev.coffer.spec.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReferenceTest {
  @ParameterizedTest
  @CsvSource({
    "busybox, docker.io/library/busybox, busybox",
    "busybox:1.36, docker.io/library/busybox:1.36, busybox:1.36",
    "user/app, docker.io/user/app, user/app",
    "docker.io/busybox, docker.io/library/busybox, busybox",
    "index.docker.io/library/busybox:x, docker.io/library/busybox:x, busybox:x",
    "docker.io/library/a/b, docker.io/library/a/b, library/a/b",
    "localhost/a, localhost/a, localhost/a",
    "localhost:5000/a:1, localhost:5000/a:1, localhost:5000/a:1",
    "example.org/a/b_c/d__e-f.g, example.org/a/b_c/d__e-f.g, example.org/a/b_c/d__e-f.g",
    "[2001:db8::1]:5000/a, [2001:db8::1]:5000/a, [2001:db8::1]:5000/a",
    "Uppercase/a, Uppercase/a, Uppercase/a",
    "a---b, docker.io/library/a---b, a---b"
  })
  void normalises(String text, String whole, String familiar) {
    Reference reference = Reference.parse(text);
    assertThat(reference).hasToString(whole);
    assertThat(reference.familiar()).isEqualTo(familiar);
    assertThat(Reference.parse(familiar)).isEqualTo(reference);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "UPPER",
        "a/UPPER",
        "-a",
        "a-",
        "a..b",
        "a___b",
        "a:",
        "a:-x",
        "a b",
        "a@sha256:12",
        "a@md5:d41d8cd98f00b204e9800998ecf8427e",
        "example.org/",
        "/a",
        "a//b",
        "a:b:c",
        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
      })
  void refuses(String text) {
    assertThatThrownBy(() -> Reference.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("invalid reference \"" + text + "\": ");
  }

  @Test
  void takesTagAndDigestTogether() {
    String digest = "sha256:" + "a".repeat(64);
    Reference reference = Reference.parse("busybox:1@" + digest);
    assertThat(reference.tag()).contains("1");
    assertThat(reference.digest()).contains(Digest.parse(digest));
    assertThat(reference).hasToString("docker.io/library/busybox:1@" + digest);
  }

  @Test
  void addsLatestOnlyWhereNothingElseIsSaid() {
    assertThat(Reference.parse("a").orLatest().tag()).contains("latest");
    assertThat(Reference.parse("a:b").orLatest().tag()).contains("b");
  }

  @ParameterizedTest
  @CsvSource({
    "linux/x86_64, linux/amd64",
    "linux/arm64/v8, linux/arm64",
    "linux/armhf, linux/arm/v7",
    "linux/arm, linux/arm/v7",
    "linux/arm/6, linux/arm/v6",
    "Linux/AMD64/v3, linux/amd64/v3",
    "macos/aarch64, darwin/arm64",
    "arm64, linux/arm64"
  })
  void normalisesPlatforms(String text, String expected) {
    assertThat(Platform.parse(text)).hasToString(expected);
  }

  @Test
  void knowsWhatAMachineRuns() {
    assertThat(Platform.parse("linux/amd64").runnable())
        .extracting(Platform::toString)
        .containsExactly("linux/amd64", "linux/386");
    assertThat(Platform.parse("linux/arm64").runnable())
        .extracting(Platform::toString)
        .startsWith("linux/arm64", "linux/arm/v8", "linux/arm/v7");
    assertThatThrownBy(() -> Platform.parse("linux/a/b/c"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
