package dev.coffer.spec.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.spec.SpecException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class JsonCursorTest {
  private enum Color {
    RED,
    GREEN;

    String spelling() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final JsonCursor cursor =
      read(
          """
          {"process": {"cwd": "/", "args": ["a", "b"], "uid": 4294967295, "none": null,
           "big": 18446744073709551615, "minus": -1, "half": 0.5, "color": "green", "on": true},
           "annotations": {"org.x/y": 7, "k": "v"}, "mounts": [{"to": "/a"}, {"to": 3}]}
          """);

  @Test
  void readsWhatIsThere() {
    JsonCursor process = cursor.field("process");
    assertThat(process.field("cwd").string()).isEqualTo("/");
    assertThat(process.field("args").list(JsonCursor::string)).containsExactly("a", "b");
    assertThat(process.field("uid").uint32()).isEqualTo(4294967295L);
    assertThat(process.field("big").uint64()).isEqualTo(-1L);
    assertThat(process.field("minus").int32()).isEqualTo(-1);
    assertThat(process.field("half").float64()).isEqualTo(0.5);
    assertThat(process.field("on").bool()).isTrue();
    assertThat(process.field("color").constant(Color.class, Color::spelling))
        .isEqualTo(Color.GREEN);
    assertThat(cursor.field("mounts").element(0).field("to").string()).isEqualTo("/a");
  }

  @Test
  void missingAndNullAreAlike() {
    for (JsonCursor empty :
        List.of(cursor.field("x").field("y").element(3), cursor.field("process").field("none"))) {
      assertThat(empty.isPresent()).isFalse();
      assertThat(empty.optional(JsonCursor::string)).isEqualTo(Optional.empty());
      assertThat(empty.orElse(JsonCursor::int64, 5L)).isEqualTo(5L);
      assertThat(empty.list(JsonCursor::string)).isEmpty();
      assertThat(empty.map(JsonCursor::string)).isEmpty();
      assertThat(empty.stringOrEmpty()).isEmpty();
      assertThat(empty.boolOrFalse()).isFalse();
    }
  }

  @Test
  void namesThePathOfWhatIsWrong() {
    JsonCursor process = cursor.field("process");
    assertFailure(
        () -> cursor.field("root").field("path").string(), "config.json: root.path: is missing");
    assertFailure(
        () -> process.field("args").string(),
        "config.json: process.args: must be a string, is an array");
    assertFailure(
        () -> process.field("cwd").field("x"),
        "config.json: process.cwd: must be an object, is a string");
    assertFailure(
        () -> cursor.field("mounts").list(mount -> mount.field("to").string()),
        "config.json: mounts[1].to: must be a string, is a number");
    assertFailure(
        () -> cursor.field("annotations").map(JsonCursor::string),
        "config.json: annotations[\"org.x/y\"]: must be a string, is a number");
    assertFailure(
        () -> process.field("uid").int32(),
        "config.json: process.uid: must be an integer from -2147483648 to 2147483647,"
            + " is 4294967295");
    assertFailure(
        () -> process.field("minus").uint64(),
        "config.json: process.minus: must be an integer from 0 to 18446744073709551615, is -1");
    assertFailure(
        () -> process.field("half").int64(),
        "config.json: process.half: must be an integer from -9223372036854775808 to"
            + " 9223372036854775807, is 0.5");
    assertFailure(
        () -> process.field("cwd").constant(Color.class, Color::spelling),
        "config.json: process.cwd: must be one of red, green, is \"/\"");
    assertFailure(
        () -> process.field("cwd").parse(JsonCursorTest::refuse),
        "config.json: process.cwd: must not be \"/\"");
    assertFailure(
        () -> JsonCursor.read("config.json", new byte[0], Limits.CONFIG),
        "config.json: invalid JSON: the document is empty");
    assertFailure(() -> read("3").field("x"), "config.json: must be an object, is a number");
  }

  @Test
  void keepsTheRest() {
    assertThat(Json.write(cursor.field("annotations").without(List.of("k"))))
        .isEqualTo("{\"org.x/y\":7}");
    assertThat(cursor.field("nothing").without(List.of("k"))).isEqualTo(JsonObject.EMPTY);
  }

  private static Color refuse(String text) {
    throw new IllegalArgumentException("must not be \"" + text + "\"");
  }

  private static JsonCursor read(String text) {
    return JsonCursor.read("config.json", text.getBytes(StandardCharsets.UTF_8), Limits.CONFIG);
  }

  private static void assertFailure(ThrowingCallable call, String message) {
    assertThatThrownBy(call).isInstanceOf(SpecException.class).hasMessage(message);
  }
}
