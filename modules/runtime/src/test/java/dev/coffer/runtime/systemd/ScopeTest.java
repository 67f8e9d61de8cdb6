package dev.coffer.runtime.systemd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScopeTest {
  @ParameterizedTest
  @CsvSource({
    "'', system.slice, coffer-web.scope, /system.slice/coffer-web.scope",
    "':docker:1234', system.slice, docker-1234.scope, /system.slice/docker-1234.scope",
    "'machine.slice:libpod:1', machine.slice, libpod-1.scope, /machine.slice/libpod-1.scope",
    "'a-b-c.slice:x:y', a-b-c.slice, x-y.scope, /a.slice/a-b.slice/a-b-c.slice/x-y.scope",
    "'-.slice:x:y', -.slice, x-y.scope, /x-y.scope",
    "'s.slice::y', s.slice, -y.scope, /s.slice/-y.scope",
  })
  void isNamedAndPlaced(String cgroupsPath, String slice, String unit, String cgroup) {
    Scope scope = Scope.of(cgroupsPath, "web", "system.slice");
    assertThat(scope).isEqualTo(new Scope(slice, unit));
    assertThat(scope.cgroup("")).isEqualTo(cgroup);
  }

  @Test
  void isBelowItsManager() {
    Scope scope = Scope.of("", "web", "user.slice");
    assertThat(scope.cgroup("/user.slice/user-1.slice/user@1.service"))
        .isEqualTo("/user.slice/user-1.slice/user@1.service/user.slice/coffer-web.scope");
  }

  @ParameterizedTest
  @CsvSource({
    "/some/path, 'is not of the form slice:prefix:name, which --systemd-cgroup wants'",
    "a.slice:b, is not of the form",
    "a.slice:b:c:d, is not of the form",
    "a:b:c, '\"a\" is no slice'",
    "a.scope:b:c, is no slice",
    "a--b.slice:b:c, is no slice",
    "-a.slice:b:c, is no slice",
    "a-.slice:b:c, is no slice",
    ".slice:b:c, is no slice",
    "a/b.slice:b:c, '\"a/b.slice\" is no name of a unit of systemd'",
    "../a.slice:b:c, is no name",
    "a.slice:b:../../c, is no name",
    "a.slice:b:c d, is no name",
    "a.slice:b:c.slice, 'names a slice, which holds no processes'",
  })
  void isRefused(String cgroupsPath, String why) {
    assertThatThrownBy(() -> Scope.of(cgroupsPath, "web", "system.slice"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("linux.cgroupsPath: ")
        .hasMessageContaining(why);
  }

  @Test
  void isNoLongerThanUnitsAre() {
    String name = "a.slice:b:" + "c".repeat(300);
    assertThatThrownBy(() -> Scope.of(name, "web", "system.slice"))
        .hasMessageContaining("is no name");
  }
}
