package dev.coffer.runtime.rootfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class AccountsTest {

  private static final Accounts ACCOUNTS =
      new Accounts(
          """
          root:x:0:0:root:/root:/bin/sh
          broken line
          app:x:1000:1001::/home/app:/bin/sh
          42:x:7:7::/odd:
          """,
          """
          root:x:0:
          app:x:1001:
          video:x:44:app,other
          audio:x:29:other
          """);

  @Test
  void emptyIsRoot() {
    assertThat(resolve("")).isEqualTo(new Identity(0, 0, List.of(0L), "/root"));
  }

  @Test
  void aNameBringsItsGroupsAndHome() {
    assertThat(resolve("app"))
        .isEqualTo(new Identity(1000, 1001, List.of(1001L, 44L), "/home/app"));
  }

  @Test
  void aNumberIsAnIdEvenWhereANameIsTheSame() {
    assertThat(resolve("42")).isEqualTo(new Identity(42, 0, List.of(0L), "/"));
    assertThat(resolve("1000").home()).isEqualTo("/home/app");
  }

  @Test
  void anExplicitGroupStandsAlone() {
    assertThat(resolve("app:video")).isEqualTo(new Identity(1000, 44, List.of(44L), "/home/app"));
    assertThat(resolve("5:6")).isEqualTo(new Identity(5, 6, List.of(6L), "/"));
  }

  @Test
  void extraGroupsComeLast() {
    assertThat(ACCOUNTS.resolve("app", List.of("audio", "99", "video")).groups())
        .containsExactly(1001L, 44L, 29L, 99L);
  }

  @Test
  void whatTheImageDoesNotHaveIsNamed() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> resolve("nobody"))
        .withMessage("no such user \"nobody\" in the image");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> resolve("app:wheel"))
        .withMessage("no such group \"wheel\" in the image");
    assertThatIllegalArgumentException().isThrownBy(() -> resolve("99999999999"));
  }

  private static Identity resolve(String user) {
    return ACCOUNTS.resolve(user, List.of());
  }
}
