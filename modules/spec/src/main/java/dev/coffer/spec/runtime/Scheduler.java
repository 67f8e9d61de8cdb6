package dev.coffer.spec.runtime;

import dev.coffer.spec.json.JsonArray;
import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.JsonFields;
import dev.coffer.spec.json.JsonNumber;
import dev.coffer.spec.json.JsonObject;
import dev.coffer.spec.json.JsonValue;
import java.util.List;

/**
 * Scheduling attributes; sched_setattr(2).
 *
 * @param policy the policy
 * @param nice nice value for the ordinary policies
 * @param priority static priority for the real-time policies
 * @param flags flags
 * @param runtime for {@code SCHED_DEADLINE}, in nanoseconds
 * @param deadline for {@code SCHED_DEADLINE}, in nanoseconds
 * @param period for {@code SCHED_DEADLINE}, in nanoseconds
 * @param extra members that the specification does not know, kept for writing
 */
public record Scheduler(
    SchedulerPolicy policy,
    int nice,
    int priority,
    List<SchedulerFlag> flags,
    long runtime,
    long deadline,
    long period,
    JsonObject extra) {
  public Scheduler {
    flags = List.copyOf(flags);
  }

  /** Reads the object at a cursor; fails with a {@code SpecException} that names the path. */
  public static Scheduler read(JsonCursor json) {
    JsonFields in = new JsonFields(json);
    return new Scheduler(
        in.field("policy").constant(SchedulerPolicy.class, SchedulerPolicy::spelling),
        in.field("nice").orElse(JsonCursor::int32, 0),
        in.field("priority").orElse(JsonCursor::int32, 0),
        in.field("flags").list(c -> c.constant(SchedulerFlag.class, SchedulerFlag::spelling)),
        in.field("runtime").orElse(JsonCursor::uint64, 0L),
        in.field("deadline").orElse(JsonCursor::uint64, 0L),
        in.field("period").orElse(JsonCursor::uint64, 0L),
        in.rest());
  }

  /** This object as JSON; members with their default value are left out. */
  public JsonObject toJson() {
    return JsonObject.builder()
        .put("policy", policy.spelling())
        .putUnlessEmpty("nice", JsonNumber.of(nice))
        .putUnlessEmpty("priority", JsonNumber.of(priority))
        .putUnlessEmpty("flags", JsonArray.of(flags, value -> JsonValue.of(value.spelling())))
        .putUnlessEmpty("runtime", JsonNumber.ofUnsigned(runtime))
        .putUnlessEmpty("deadline", JsonNumber.ofUnsigned(deadline))
        .putUnlessEmpty("period", JsonNumber.ofUnsigned(period))
        .putAll(extra)
        .build();
  }
}
