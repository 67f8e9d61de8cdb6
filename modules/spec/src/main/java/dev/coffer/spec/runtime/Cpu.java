package dev.coffer.spec.runtime;

import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.JsonFields;
import dev.coffer.spec.json.JsonNumber;
import dev.coffer.spec.json.JsonObject;
import java.util.Optional;

/**
 * CPU shares, bandwidth and placement. Times are in microseconds.
 *
 * @param shares relative weight, unsigned
 * @param quota CPU time in one period; not positive is unlimited
 * @param burst saved-up time that a period may add; at most the quota
 * @param period length of a period
 * @param realtimeRuntime real-time CPU time in one real-time period
 * @param realtimePeriod length of a real-time period
 * @param cpus CPUs as a list such as {@code 0-3,7}
 * @param mems memory nodes as a list such as {@code 0-3,7}
 * @param idle 1 for {@code SCHED_IDLE}, else 0
 * @param extra members that the specification does not know, kept for writing
 */
public record Cpu(
    Optional<Long> shares,
    Optional<Long> quota,
    Optional<Long> burst,
    Optional<Long> period,
    Optional<Long> realtimeRuntime,
    Optional<Long> realtimePeriod,
    Optional<String> cpus,
    Optional<String> mems,
    Optional<Long> idle,
    JsonObject extra) {

  /** Reads the object at a cursor; fails with a {@code SpecException} that names the path. */
  public static Cpu read(JsonCursor json) {
    JsonFields in = new JsonFields(json);
    return new Cpu(
        in.field("shares").optional(JsonCursor::uint64),
        in.field("quota").optional(JsonCursor::int64),
        in.field("burst").optional(JsonCursor::uint64),
        in.field("period").optional(JsonCursor::uint64),
        in.field("realtimeRuntime").optional(JsonCursor::int64),
        in.field("realtimePeriod").optional(JsonCursor::uint64),
        in.field("cpus").nonEmpty(),
        in.field("mems").nonEmpty(),
        in.field("idle").optional(JsonCursor::int64),
        in.rest());
  }

  /** This object as JSON; members with their default value are left out. */
  public JsonObject toJson() {
    return JsonObject.builder()
        .putIfPresent("shares", shares, JsonNumber::ofUnsigned)
        .putIfPresent("quota", quota, JsonNumber::of)
        .putIfPresent("burst", burst, JsonNumber::ofUnsigned)
        .putIfPresent("period", period, JsonNumber::ofUnsigned)
        .putIfPresent("realtimeRuntime", realtimeRuntime, JsonNumber::of)
        .putIfPresent("realtimePeriod", realtimePeriod, JsonNumber::ofUnsigned)
        .putIfPresent("cpus", cpus)
        .putIfPresent("mems", mems)
        .putIfPresent("idle", idle, JsonNumber::of)
        .putAll(extra)
        .build();
  }

  /** A builder with nothing set. */
  public static Builder builder() {
    return new Builder();
  }

  /** A builder that starts from this. */
  public Builder toBuilder() {
    Builder builder = new Builder();
    builder.shares = shares;
    builder.quota = quota;
    builder.burst = burst;
    builder.period = period;
    builder.realtimeRuntime = realtimeRuntime;
    builder.realtimePeriod = realtimePeriod;
    builder.cpus = cpus;
    builder.mems = mems;
    builder.idle = idle;
    builder.extra = extra;
    return builder;
  }

  /** Collects the parts of a {@link Cpu}; for use by one thread. */
  public static final class Builder {
    private Optional<Long> shares = Optional.empty();
    private Optional<Long> quota = Optional.empty();
    private Optional<Long> burst = Optional.empty();
    private Optional<Long> period = Optional.empty();
    private Optional<Long> realtimeRuntime = Optional.empty();
    private Optional<Long> realtimePeriod = Optional.empty();
    private Optional<String> cpus = Optional.empty();
    private Optional<String> mems = Optional.empty();
    private Optional<Long> idle = Optional.empty();
    private JsonObject extra = JsonObject.EMPTY;

    private Builder() {}

    /** Sets {@link Cpu#shares}. */
    public Builder shares(long shares) {
      this.shares = Optional.of(shares);
      return this;
    }

    /** Sets {@link Cpu#quota}. */
    public Builder quota(long quota) {
      this.quota = Optional.of(quota);
      return this;
    }

    /** Sets {@link Cpu#burst}. */
    public Builder burst(long burst) {
      this.burst = Optional.of(burst);
      return this;
    }

    /** Sets {@link Cpu#period}. */
    public Builder period(long period) {
      this.period = Optional.of(period);
      return this;
    }

    /** Sets {@link Cpu#realtimeRuntime}. */
    public Builder realtimeRuntime(long realtimeRuntime) {
      this.realtimeRuntime = Optional.of(realtimeRuntime);
      return this;
    }

    /** Sets {@link Cpu#realtimePeriod}. */
    public Builder realtimePeriod(long realtimePeriod) {
      this.realtimePeriod = Optional.of(realtimePeriod);
      return this;
    }

    /** Sets {@link Cpu#cpus}. */
    public Builder cpus(String cpus) {
      this.cpus = Optional.of(cpus);
      return this;
    }

    /** Sets {@link Cpu#mems}. */
    public Builder mems(String mems) {
      this.mems = Optional.of(mems);
      return this;
    }

    /** Sets {@link Cpu#idle}. */
    public Builder idle(long idle) {
      this.idle = Optional.of(idle);
      return this;
    }

    /** Sets {@link Cpu#extra}. */
    public Builder extra(JsonObject extra) {
      this.extra = extra;
      return this;
    }

    /** The finished value. */
    public Cpu build() {
      return new Cpu(
          shares, quota, burst, period, realtimeRuntime, realtimePeriod, cpus, mems, idle, extra);
    }
  }
}
