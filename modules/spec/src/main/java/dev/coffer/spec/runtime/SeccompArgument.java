package dev.coffer.spec.runtime;

import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.JsonFields;
import dev.coffer.spec.json.JsonNumber;
import dev.coffer.spec.json.JsonObject;

/**
 * A condition on one argument of a system call. All values are unsigned.
 *
 * @param index which argument, 0 to 5
 * @param value what to compare with; the mask of {@link SeccompOperator#MASKED_EQ}
 * @param valueTwo what the masked argument must equal
 * @param op how to compare
 * @param extra members that the specification does not know, kept for writing
 */
public record SeccompArgument(
    long index, long value, long valueTwo, SeccompOperator op, JsonObject extra) {

  /** A condition without extra members; the second value is 0. */
  public static SeccompArgument of(int index, SeccompOperator op, long value) {
    return new SeccompArgument(index, value, 0, op, JsonObject.EMPTY);
  }

  /** Reads the object at a cursor; fails with a {@code SpecException} that names the path. */
  public static SeccompArgument read(JsonCursor json) {
    JsonFields in = new JsonFields(json);
    return new SeccompArgument(
        in.field("index").uint32(),
        in.field("value").uint64(),
        in.field("valueTwo").orElse(JsonCursor::uint64, 0L),
        in.field("op").constant(SeccompOperator.class, SeccompOperator::spelling),
        in.rest());
  }

  /** This object as JSON; members with their default value are left out. */
  public JsonObject toJson() {
    return JsonObject.builder()
        .put("index", index)
        .putUnsigned("value", value)
        .putUnlessEmpty("valueTwo", JsonNumber.ofUnsigned(valueTwo))
        .put("op", op.spelling())
        .putAll(extra)
        .build();
  }
}
