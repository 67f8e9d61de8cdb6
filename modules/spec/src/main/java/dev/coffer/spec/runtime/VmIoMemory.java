package dev.coffer.spec.runtime;

import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.JsonFields;
import dev.coffer.spec.json.JsonNumber;
import dev.coffer.spec.json.JsonObject;
import java.util.Optional;

/**
 * A range of physical pages that is passed to a virtual machine.
 *
 * @param firstGfn first guest frame; absent is the same as the machine's
 * @param firstMfn first machine frame
 * @param nrMfns number of frames
 * @param extra members that the specification does not know, kept for writing
 */
public record VmIoMemory(Optional<Long> firstGfn, long firstMfn, long nrMfns, JsonObject extra) {

  /** Reads the object at a cursor; fails with a {@code SpecException} that names the path. */
  public static VmIoMemory read(JsonCursor json) {
    JsonFields in = new JsonFields(json);
    return new VmIoMemory(
        in.field("firstGFN").optional(JsonCursor::uint64),
        in.field("firstMFN").uint64(),
        in.field("nrMFNs").uint64(),
        in.rest());
  }

  /** This object as JSON; members with their default value are left out. */
  public JsonObject toJson() {
    return JsonObject.builder()
        .putIfPresent("firstGFN", firstGfn, JsonNumber::ofUnsigned)
        .putUnsigned("firstMFN", firstMfn)
        .putUnsigned("nrMFNs", nrMfns)
        .putAll(extra)
        .build();
  }
}
