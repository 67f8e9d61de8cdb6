package dev.coffer.spec.runtime;

import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.JsonFields;
import dev.coffer.spec.json.JsonNumber;
import dev.coffer.spec.json.JsonObject;
import dev.coffer.spec.json.JsonValue;
import dev.coffer.spec.json.Limits;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * The state of a container, as {@code state} prints it and hooks read it. Source: runtime.md,
 * State.
 *
 * @param ociVersion version of the specification that this follows
 * @param id the container
 * @param status where it is in its life cycle
 * @param pid its first process, in the runtime's pid namespace; absent when stopped
 * @param bundle absolute path of its bundle
 * @param annotations annotations of its config
 * @param extra members that the specification does not know, kept for writing
 */
public record State(
    String ociVersion,
    String id,
    ContainerStatus status,
    Optional<Integer> pid,
    String bundle,
    SequencedMap<String, String> annotations,
    JsonObject extra) {
  public State {
    annotations = Copies.of(annotations);
  }

  /** Reads a state; messages call it {@code state}. */
  public static State parse(byte[] utf8) {
    return read(JsonCursor.read("state", utf8, Limits.CONFIG));
  }

  /** Reads the object at a cursor; fails with a {@code SpecException} that names the path. */
  public static State read(JsonCursor json) {
    JsonFields in = new JsonFields(json);
    return new State(
        in.field("ociVersion").string(),
        in.field("id").string(),
        in.field("status").constant(ContainerStatus.class, ContainerStatus::spelling),
        in.field("pid").optional(c -> (int) c.integer(0, Integer.MAX_VALUE)),
        in.field("bundle").string(),
        in.field("annotations").map(JsonCursor::string),
        in.rest());
  }

  /** This object as JSON; members with their default value are left out. */
  public JsonObject toJson() {
    return JsonObject.builder()
        .put("ociVersion", ociVersion)
        .put("id", id)
        .put("status", status.spelling())
        .putIfPresent("pid", pid, JsonNumber::of)
        .put("bundle", bundle)
        .putUnlessEmpty("annotations", JsonValue.ofStrings(annotations))
        .putAll(extra)
        .build();
  }
}
