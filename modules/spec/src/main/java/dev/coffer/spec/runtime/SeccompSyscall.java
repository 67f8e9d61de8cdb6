package dev.coffer.spec.runtime;

import dev.coffer.spec.json.JsonArray;
import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.JsonFields;
import dev.coffer.spec.json.JsonNumber;
import dev.coffer.spec.json.JsonObject;
import dev.coffer.spec.json.JsonValue;
import java.util.List;
import java.util.Optional;

/**
 * An entry of a filter: it matches a call by name and by all of its argument conditions.
 *
 * @param names names of calls; at least one
 * @param action what happens to a call that matches
 * @param errnoRet errno (or tracer message) of the action; absent is EPERM
 * @param args conditions, all of which must hold
 * @param extra members that the specification does not know, kept for writing
 */
public record SeccompSyscall(
    List<String> names,
    SeccompAction action,
    Optional<Long> errnoRet,
    List<SeccompArgument> args,
    JsonObject extra) {
  public SeccompSyscall {
    names = List.copyOf(names);
    args = List.copyOf(args);
  }

  /** An entry without an errno. */
  public static SeccompSyscall of(
      SeccompAction action, List<String> names, List<SeccompArgument> args) {
    return new SeccompSyscall(names, action, Optional.empty(), args, JsonObject.EMPTY);
  }

  /** Reads the object at a cursor; fails with a {@code SpecException} that names the path. */
  public static SeccompSyscall read(JsonCursor json) {
    JsonFields in = new JsonFields(json);
    return new SeccompSyscall(
        in.field("names").list(JsonCursor::string),
        in.field("action").constant(SeccompAction.class, SeccompAction::spelling),
        in.field("errnoRet").optional(JsonCursor::uint32),
        in.field("args").list(SeccompArgument::read),
        in.rest());
  }

  /** This object as JSON; members with their default value are left out. */
  public JsonObject toJson() {
    return JsonObject.builder()
        .putUnlessEmpty("names", JsonValue.ofStrings(names))
        .put("action", action.spelling())
        .putIfPresent("errnoRet", errnoRet, JsonNumber::of)
        .putUnlessEmpty("args", JsonArray.of(args, SeccompArgument::toJson))
        .putAll(extra)
        .build();
  }
}
