package dev.coffer.spec.runtime;

import dev.coffer.spec.json.JsonBoolean;
import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.JsonFields;
import dev.coffer.spec.json.JsonNumber;
import dev.coffer.spec.json.JsonObject;
import java.util.Optional;

/**
 * Memory limits in bytes; -1 is unlimited.
 *
 * @param limit memory
 * @param reservation soft limit
 * @param swap memory and swap together
 * @param kernel kernel memory; the kernel no longer has it
 * @param kernelTCP kernel memory for TCP buffers
 * @param swappiness 0 to 100
 * @param disableOOMKiller whether tasks wait instead of being killed
 * @param useHierarchy whether children count, too
 * @param checkBeforeUpdate whether a limit below the present use is refused
 * @param extra members that the specification does not know, kept for writing
 */
public record Memory(
    Optional<Long> limit,
    Optional<Long> reservation,
    Optional<Long> swap,
    Optional<Long> kernel,
    Optional<Long> kernelTCP,
    Optional<Long> swappiness,
    Optional<Boolean> disableOOMKiller,
    Optional<Boolean> useHierarchy,
    Optional<Boolean> checkBeforeUpdate,
    JsonObject extra) {

  /** Reads the object at a cursor; fails with a {@code SpecException} that names the path. */
  public static Memory read(JsonCursor json) {
    JsonFields in = new JsonFields(json);
    return new Memory(
        in.field("limit").optional(JsonCursor::int64),
        in.field("reservation").optional(JsonCursor::int64),
        in.field("swap").optional(JsonCursor::int64),
        in.field("kernel").optional(JsonCursor::int64),
        in.field("kernelTCP").optional(JsonCursor::int64),
        in.field("swappiness").optional(JsonCursor::uint64),
        in.field("disableOOMKiller").optional(JsonCursor::bool),
        in.field("useHierarchy").optional(JsonCursor::bool),
        in.field("checkBeforeUpdate").optional(JsonCursor::bool),
        in.rest());
  }

  /** This object as JSON; members with their default value are left out. */
  public JsonObject toJson() {
    return JsonObject.builder()
        .putIfPresent("limit", limit, JsonNumber::of)
        .putIfPresent("reservation", reservation, JsonNumber::of)
        .putIfPresent("swap", swap, JsonNumber::of)
        .putIfPresent("kernel", kernel, JsonNumber::of)
        .putIfPresent("kernelTCP", kernelTCP, JsonNumber::of)
        .putIfPresent("swappiness", swappiness, JsonNumber::ofUnsigned)
        .putIfPresent("disableOOMKiller", disableOOMKiller, JsonBoolean::of)
        .putIfPresent("useHierarchy", useHierarchy, JsonBoolean::of)
        .putIfPresent("checkBeforeUpdate", checkBeforeUpdate, JsonBoolean::of)
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
    builder.limit = limit;
    builder.reservation = reservation;
    builder.swap = swap;
    builder.kernel = kernel;
    builder.kernelTCP = kernelTCP;
    builder.swappiness = swappiness;
    builder.disableOOMKiller = disableOOMKiller;
    builder.useHierarchy = useHierarchy;
    builder.checkBeforeUpdate = checkBeforeUpdate;
    builder.extra = extra;
    return builder;
  }

  /** Collects the parts of a {@link Memory}; for use by one thread. */
  public static final class Builder {
    private Optional<Long> limit = Optional.empty();
    private Optional<Long> reservation = Optional.empty();
    private Optional<Long> swap = Optional.empty();
    private Optional<Long> kernel = Optional.empty();
    private Optional<Long> kernelTCP = Optional.empty();
    private Optional<Long> swappiness = Optional.empty();
    private Optional<Boolean> disableOOMKiller = Optional.empty();
    private Optional<Boolean> useHierarchy = Optional.empty();
    private Optional<Boolean> checkBeforeUpdate = Optional.empty();
    private JsonObject extra = JsonObject.EMPTY;

    private Builder() {}

    /** Sets {@link Memory#limit}. */
    public Builder limit(long limit) {
      this.limit = Optional.of(limit);
      return this;
    }

    /** Sets {@link Memory#reservation}. */
    public Builder reservation(long reservation) {
      this.reservation = Optional.of(reservation);
      return this;
    }

    /** Sets {@link Memory#swap}. */
    public Builder swap(long swap) {
      this.swap = Optional.of(swap);
      return this;
    }

    /** Sets {@link Memory#kernel}. */
    public Builder kernel(long kernel) {
      this.kernel = Optional.of(kernel);
      return this;
    }

    /** Sets {@link Memory#kernelTCP}. */
    public Builder kernelTCP(long kernelTCP) {
      this.kernelTCP = Optional.of(kernelTCP);
      return this;
    }

    /** Sets {@link Memory#swappiness}. */
    public Builder swappiness(long swappiness) {
      this.swappiness = Optional.of(swappiness);
      return this;
    }

    /** Sets {@link Memory#disableOOMKiller}. */
    public Builder disableOOMKiller(boolean disableOOMKiller) {
      this.disableOOMKiller = Optional.of(disableOOMKiller);
      return this;
    }

    /** Sets {@link Memory#useHierarchy}. */
    public Builder useHierarchy(boolean useHierarchy) {
      this.useHierarchy = Optional.of(useHierarchy);
      return this;
    }

    /** Sets {@link Memory#checkBeforeUpdate}. */
    public Builder checkBeforeUpdate(boolean checkBeforeUpdate) {
      this.checkBeforeUpdate = Optional.of(checkBeforeUpdate);
      return this;
    }

    /** Sets {@link Memory#extra}. */
    public Builder extra(JsonObject extra) {
      this.extra = extra;
      return this;
    }

    /** The finished value. */
    public Memory build() {
      return new Memory(
          limit,
          reservation,
          swap,
          kernel,
          kernelTCP,
          swappiness,
          disableOOMKiller,
          useHierarchy,
          checkBeforeUpdate,
          extra);
    }
  }
}
