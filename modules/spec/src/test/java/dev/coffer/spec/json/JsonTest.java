package dev.coffer.spec.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.spec.SpecException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
  @Test
  void writesCompactAndPretty() {
    JsonObject object =
        JsonObject.builder()
            .put("a", 1)
            .put("b", JsonArray.of(JsonBoolean.TRUE, JsonNull.NULL, JsonValue.of("x\"\n\u0001")))
            .put("c", JsonObject.EMPTY)
            .put("d", JsonArray.EMPTY)
            .build();
    assertThat(Json.write(object))
        .isEqualTo("{\"a\":1,\"b\":[true,null,\"x\\\"\\n\\u0001\"],\"c\":{},\"d\":[]}");
    assertThat(Json.writePretty(object))
        .isEqualTo(
            """
            {
                "a": 1,
                "b": [
                    true,
                    null,
                    "x\\"\\n\\u0001"
                ],
                "c": {},
                "d": []
            }\
            """);
  }

  @Test
  void roundTripsRandomValues() {
    for (int seed = 0; seed < 2000; seed++) {
      JsonValue value = randomValue(new Random(seed), 4);
      assertThat(Json.parse(Json.bytes(value), Limits.STATE)).as("seed %d", seed).isEqualTo(value);
      assertThat(Json.parse(Json.writePretty(value), Limits.STATE)).isEqualTo(value);
      assertThat(Json.write(Json.parse(Json.write(value), Limits.STATE)))
          .isEqualTo(Json.write(value));
    }
  }

  @Test
  void keepsTheOrderOfMembersAndTheTextOfNumbers() {
    String text = "{\"z\":1.50,\"a\":1e+3,\"m\":-0,\"k\":18446744073709551616}";
    assertThat(Json.write(Json.parse(text, Limits.CONFIG))).isEqualTo(text);
  }

  @Test
  void lastOfDuplicateKeysWinsOrIsRefused() {
    String text = "{\"a\":1,\"b\":2,\"a\":3}";
    assertThat(Json.write(Json.parse(text, Limits.CONFIG))).isEqualTo("{\"a\":3,\"b\":2}");
    assertThatThrownBy(() -> Json.parse(text, Limits.STATE))
        .isInstanceOf(SpecException.class)
        .hasMessageContaining("invalid JSON at line 1, column 1")
        .hasMessageContaining("\"a\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "[1,]",
        "{\"a\":1,}",
        "{a:1}",
        "'a'",
        "01",
        "+1",
        ".5",
        "1.",
        "NaN",
        "-",
        "tru",
        "[1] 2",
        "{} {}",
        "\"\u0001\"",
        "\"\\x\"",
        "// c\n1",
        "[",
        "\"open",
        "\uFEFF1"
      })
  void refusesWhatIsNotJson(String text) {
    assertThatThrownBy(() -> Json.parse(text, Limits.CONFIG))
        .isInstanceOf(SpecException.class)
        .hasMessageStartingWith("invalid JSON");
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> Json.parse(utf8, Limits.CONFIG)).isInstanceOf(SpecException.class);
  }

  @Test
  void refusesMalformedUtf8() {
    byte[] bytes = {'"', (byte) 0xc3, '"'};
    assertThatThrownBy(() -> Json.parse(bytes, Limits.CONFIG))
        .hasMessage("invalid JSON: not UTF-8");
  }

  @Test
  void keepsEveryLimit() throws IOException {
    Limits limits = new Limits(40, 3, 5, 4, Limits.DuplicateKeys.REFUSE);
    byte[] fits = ("[[[1234]],\"12345\"" + " ".repeat(22) + "]").getBytes(StandardCharsets.UTF_8);
    assertThat(fits).hasSize(40);
    assertThat(Json.parse(new ByteArrayInputStream(fits), limits)).isInstanceOf(JsonArray.class);
    for (String tooMuch : List.of("[[[[1]]]]", "\"123456\"", "12345", "{\"123456\":1}")) {
      assertThatThrownBy(() -> Json.parse(tooMuch, limits))
          .as(tooMuch)
          .isInstanceOf(SpecException.class);
    }
    byte[] large = " ".repeat(41).getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> Json.parse(new ByteArrayInputStream(large), limits))
        .hasMessage("invalid JSON: larger than 40 bytes");
    assertThatThrownBy(() -> Json.parse(large, limits))
        .hasMessage("invalid JSON: larger than 40 bytes");
  }

  @Test
  void survivesDeepNesting() {
    String deep = "[".repeat(100_000);
    assertThatThrownBy(() -> Json.parse(deep, Limits.CONFIG)).isInstanceOf(SpecException.class);
  }

  @Test
  void numbersKnowTheirRange() {
    assertThat(new JsonNumber("9223372036854775807").asLong()).hasValue(Long.MAX_VALUE);
    assertThat(new JsonNumber("9223372036854775808").asLong()).isEmpty();
    assertThat(new JsonNumber("18446744073709551615").asUnsignedLong()).hasValue(-1);
    assertThat(new JsonNumber("18446744073709551616").asUnsignedLong()).isEmpty();
    assertThat(new JsonNumber("-1").asUnsignedLong()).isEmpty();
    assertThat(new JsonNumber("1.0").asLong()).isEmpty();
    assertThat(JsonNumber.ofUnsigned(-1).text()).isEqualTo("18446744073709551615");
    assertThat(JsonNumber.of(2.0).text()).isEqualTo("2");
    assertThat(JsonNumber.of(0.5).text()).isEqualTo("0.5");
    assertThatThrownBy(() -> new JsonNumber("1x")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> JsonNumber.of(Double.NaN))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static JsonValue randomValue(Random random, int depth) {
    return switch (random.nextInt(depth > 0 ? 8 : 6)) {
      case 0 -> JsonNull.NULL;
      case 1 -> JsonBoolean.of(random.nextBoolean());
      case 2 -> JsonNumber.of(random.nextLong());
      case 3 -> JsonNumber.of(random.nextDouble() * Math.pow(10, random.nextInt(-300, 300)));
      case 4, 5 -> JsonValue.of(randomString(random));
      case 6 -> {
        List<JsonValue> elements = new ArrayList<>();
        for (int i = random.nextInt(5); i > 0; i--) {
          elements.add(randomValue(random, depth - 1));
        }
        yield new JsonArray(elements);
      }
      default -> {
        JsonObject.Builder object = JsonObject.builder();
        for (int i = random.nextInt(5); i > 0; i--) {
          object.put(randomString(random), randomValue(random, depth - 1));
        }
        yield object.build();
      }
    };
  }

  private static String randomString(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(8); i > 0; i--) {
      int bound = random.nextBoolean() ? 0x80 : 0x10000;
      text.append((char) random.nextInt(bound));
    }
    return text.toString();
  }
}
