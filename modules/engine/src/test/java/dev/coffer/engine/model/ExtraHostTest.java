package dev.coffer.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExtraHostTest {

  @ParameterizedTest
  @CsvSource({
    "db:10.0.0.1, db, 10.0.0.1",
    "db=::1, db, ::1",
    "db:::1, db, ::1",
    "db:[::1], db, ::1",
    "up:host-gateway, up, host-gateway"
  })
  void aNameAndAnAddress(String text, String name, String address) {
    assertThat(ExtraHost.parse(text)).isEqualTo(new ExtraHost(name, address));
  }

  @Test
  void aNameMakesNoLineOfItsOwn() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ExtraHost.parse("a\nb:10.0.0.1"))
        .withMessageContaining("its name has spaces");
    assertThatIllegalArgumentException().isThrownBy(() -> ExtraHost.parse("db:"));
    assertThatIllegalArgumentException().isThrownBy(() -> ExtraHost.parse(":10.0.0.1"));
  }
}
