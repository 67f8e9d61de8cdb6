package dev.coffer.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NamePatternTest {

  @ParameterizedTest
  @CsvSource({
    "base, base, true",
    "base, base:1, false",
    "ba*, base:1, true",
    "*, a/b, false",
    "**, a/b, false",
    "*/*, a/b, true",
    "b?se, base, true",
    "b?se, b/se, false",
    "[a-c]ase, base, true",
    "[^a-c]ase, base, false",
    "[d\\-]ase, dase, true",
    "[d]ase, 5ase, false",
    "\\*, *, true",
    "\\*, a, false",
    "a.c, abc, false",
    "{a}, a, false"
  })
  void matchesAsGoDoes(String pattern, String name, boolean matches) {
    assertThat(NamePattern.parse(pattern).matches(name)).isEqualTo(matches);
  }

  @ParameterizedTest
  @ValueSource(strings = {"[", "[]", "[a", "[^", "\\", "[z-a]", "[a\\"})
  void whatIsMalformedIsRefused(String pattern) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> NamePattern.parse(pattern))
        .withMessage("syntax error in pattern \"" + pattern + "\"");
  }
}
