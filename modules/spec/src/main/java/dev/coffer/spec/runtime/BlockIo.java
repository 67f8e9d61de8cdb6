package dev.coffer.spec.runtime;

import dev.coffer.spec.json.JsonArray;
import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.JsonFields;
import dev.coffer.spec.json.JsonNumber;
import dev.coffer.spec.json.JsonObject;
import java.util.List;
import java.util.Optional;

/**
 * Block I/O weights and throttles.
 *
 * @param weight weight of the group
 * @param leafWeight weight against child groups
 * @param weightDevice weights by device
 * @param throttleReadBpsDevice bytes read per second by device
 * @param throttleWriteBpsDevice bytes written per second by device
 * @param throttleReadIOPSDevice reads per second by device
 * @param throttleWriteIOPSDevice writes per second by device
 * @param extra members that the specification does not know, kept for writing
 */
public record BlockIo(
    Optional<Integer> weight,
    Optional<Integer> leafWeight,
    List<WeightDevice> weightDevice,
    List<ThrottleDevice> throttleReadBpsDevice,
    List<ThrottleDevice> throttleWriteBpsDevice,
    List<ThrottleDevice> throttleReadIOPSDevice,
    List<ThrottleDevice> throttleWriteIOPSDevice,
    JsonObject extra) {
  public BlockIo {
    weightDevice = List.copyOf(weightDevice);
    throttleReadBpsDevice = List.copyOf(throttleReadBpsDevice);
    throttleWriteBpsDevice = List.copyOf(throttleWriteBpsDevice);
    throttleReadIOPSDevice = List.copyOf(throttleReadIOPSDevice);
    throttleWriteIOPSDevice = List.copyOf(throttleWriteIOPSDevice);
  }

  /** Reads the object at a cursor; fails with a {@code SpecException} that names the path. */
  public static BlockIo read(JsonCursor json) {
    JsonFields in = new JsonFields(json);
    return new BlockIo(
        in.field("weight").optional(c -> (int) c.integer(0, 0xffff)),
        in.field("leafWeight").optional(c -> (int) c.integer(0, 0xffff)),
        in.field("weightDevice").list(WeightDevice::read),
        in.field("throttleReadBpsDevice").list(ThrottleDevice::read),
        in.field("throttleWriteBpsDevice").list(ThrottleDevice::read),
        in.field("throttleReadIOPSDevice").list(ThrottleDevice::read),
        in.field("throttleWriteIOPSDevice").list(ThrottleDevice::read),
        in.rest());
  }

  /** This object as JSON; members with their default value are left out. */
  public JsonObject toJson() {
    return JsonObject.builder()
        .putIfPresent("weight", weight, JsonNumber::of)
        .putIfPresent("leafWeight", leafWeight, JsonNumber::of)
        .putUnlessEmpty("weightDevice", JsonArray.of(weightDevice, WeightDevice::toJson))
        .putUnlessEmpty(
            "throttleReadBpsDevice", JsonArray.of(throttleReadBpsDevice, ThrottleDevice::toJson))
        .putUnlessEmpty(
            "throttleWriteBpsDevice", JsonArray.of(throttleWriteBpsDevice, ThrottleDevice::toJson))
        .putUnlessEmpty(
            "throttleReadIOPSDevice", JsonArray.of(throttleReadIOPSDevice, ThrottleDevice::toJson))
        .putUnlessEmpty(
            "throttleWriteIOPSDevice",
            JsonArray.of(throttleWriteIOPSDevice, ThrottleDevice::toJson))
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
    builder.weight = weight;
    builder.leafWeight = leafWeight;
    builder.weightDevice = weightDevice;
    builder.throttleReadBpsDevice = throttleReadBpsDevice;
    builder.throttleWriteBpsDevice = throttleWriteBpsDevice;
    builder.throttleReadIOPSDevice = throttleReadIOPSDevice;
    builder.throttleWriteIOPSDevice = throttleWriteIOPSDevice;
    builder.extra = extra;
    return builder;
  }

  /** Collects the parts of a {@link BlockIo}; for use by one thread. */
  public static final class Builder {
    private Optional<Integer> weight = Optional.empty();
    private Optional<Integer> leafWeight = Optional.empty();
    private List<WeightDevice> weightDevice = List.of();
    private List<ThrottleDevice> throttleReadBpsDevice = List.of();
    private List<ThrottleDevice> throttleWriteBpsDevice = List.of();
    private List<ThrottleDevice> throttleReadIOPSDevice = List.of();
    private List<ThrottleDevice> throttleWriteIOPSDevice = List.of();
    private JsonObject extra = JsonObject.EMPTY;

    private Builder() {}

    /** Sets {@link BlockIo#weight}. */
    public Builder weight(int weight) {
      this.weight = Optional.of(weight);
      return this;
    }

    /** Sets {@link BlockIo#leafWeight}. */
    public Builder leafWeight(int leafWeight) {
      this.leafWeight = Optional.of(leafWeight);
      return this;
    }

    /** Sets {@link BlockIo#weightDevice}. */
    public Builder weightDevice(List<WeightDevice> weightDevice) {
      this.weightDevice = weightDevice;
      return this;
    }

    /** Sets {@link BlockIo#throttleReadBpsDevice}. */
    public Builder throttleReadBpsDevice(List<ThrottleDevice> throttleReadBpsDevice) {
      this.throttleReadBpsDevice = throttleReadBpsDevice;
      return this;
    }

    /** Sets {@link BlockIo#throttleWriteBpsDevice}. */
    public Builder throttleWriteBpsDevice(List<ThrottleDevice> throttleWriteBpsDevice) {
      this.throttleWriteBpsDevice = throttleWriteBpsDevice;
      return this;
    }

    /** Sets {@link BlockIo#throttleReadIOPSDevice}. */
    public Builder throttleReadIOPSDevice(List<ThrottleDevice> throttleReadIOPSDevice) {
      this.throttleReadIOPSDevice = throttleReadIOPSDevice;
      return this;
    }

    /** Sets {@link BlockIo#throttleWriteIOPSDevice}. */
    public Builder throttleWriteIOPSDevice(List<ThrottleDevice> throttleWriteIOPSDevice) {
      this.throttleWriteIOPSDevice = throttleWriteIOPSDevice;
      return this;
    }

    /** Sets {@link BlockIo#extra}. */
    public Builder extra(JsonObject extra) {
      this.extra = extra;
      return this;
    }

    /** The finished value. */
    public BlockIo build() {
      return new BlockIo(
          weight,
          leafWeight,
          weightDevice,
          throttleReadBpsDevice,
          throttleWriteBpsDevice,
          throttleReadIOPSDevice,
          throttleWriteIOPSDevice,
          extra);
    }
  }
}
