package dev.coffer.spec.runtime;

import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.JsonFields;
import dev.coffer.spec.json.JsonNumber;
import dev.coffer.spec.json.JsonObject;
import dev.coffer.spec.json.JsonValue;
import java.util.List;
import java.util.Optional;

/**
 * One program that is run with the container's state on its standard input.
 *
 * @param path absolute path of the program, in the runtime's mount namespace
 * @param args arguments, with the program's name first
 * @param env the whole environment as {@code NAME=value}; empty leaves it to the runtime
 * @param timeout seconds, more than 0; absent waits for ever
 * @param extra members that the specification does not know, kept for writing
 */
public record Hook(
    String path, List<String> args, List<String> env, Optional<Integer> timeout, JsonObject extra) {
  public Hook {
    args = List.copyOf(args);
    env = List.copyOf(env);
  }

  /** The same with another environment. */
  public Hook withEnv(List<String> environment) {
    return new Hook(path, args, environment, timeout, extra);
  }

  /** Reads the object at a cursor; fails with a {@code SpecException} that names the path. */
  public static Hook read(JsonCursor json) {
    JsonFields in = new JsonFields(json);
    return new Hook(
        in.field("path").string(),
        in.field("args").list(JsonCursor::string),
        in.field("env").list(JsonCursor::string),
        in.field("timeout").optional(JsonCursor::int32),
        in.rest());
  }

  /** This object as JSON; members with their default value are left out. */
  public JsonObject toJson() {
    return JsonObject.builder()
        .put("path", path)
        .putUnlessEmpty("args", JsonValue.ofStrings(args))
        .putUnlessEmpty("env", JsonValue.ofStrings(env))
        .putIfPresent("timeout", timeout, JsonNumber::of)
        .putAll(extra)
        .build();
  }
}
