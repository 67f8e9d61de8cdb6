package dev.coffer.spec.runtime;

import dev.coffer.spec.json.JsonArray;
import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.JsonFields;
import dev.coffer.spec.json.JsonObject;
import dev.coffer.spec.json.JsonValue;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * Cgroup settings. Source: config-linux.md, Control groups.
 *
 * @param devices which devices may be used; applied in order
 * @param memory memory limits
 * @param cpu CPU shares, bandwidth and placement
 * @param pids number of tasks
 * @param blockIO block I/O weights and throttles
 * @param hugepageLimits huge page limits
 * @param network network class and priorities (cgroup v1)
 * @param rdma RDMA limits by device
 * @param unified cgroup v2 files and what to write into them
 * @param extra members that the specification does not know, kept for writing
 */
public record Resources(
    List<DeviceRule> devices,
    Optional<Memory> memory,
    Optional<Cpu> cpu,
    Optional<Pids> pids,
    Optional<BlockIo> blockIO,
    List<HugepageLimit> hugepageLimits,
    Optional<NetworkClass> network,
    SequencedMap<String, Rdma> rdma,
    SequencedMap<String, String> unified,
    JsonObject extra) {
  public Resources {
    devices = List.copyOf(devices);
    hugepageLimits = List.copyOf(hugepageLimits);
    rdma = Copies.of(rdma);
    unified = Copies.of(unified);
  }

  /** Reads the object at a cursor; fails with a {@code SpecException} that names the path. */
  public static Resources read(JsonCursor json) {
    JsonFields in = new JsonFields(json);
    return new Resources(
        in.field("devices").list(DeviceRule::read),
        in.field("memory").optional(Memory::read),
        in.field("cpu").optional(Cpu::read),
        in.field("pids").optional(Pids::read),
        in.field("blockIO").optional(BlockIo::read),
        in.field("hugepageLimits").list(HugepageLimit::read),
        in.field("network").optional(NetworkClass::read),
        in.field("rdma").map(Rdma::read),
        in.field("unified").map(JsonCursor::string),
        in.rest());
  }

  /** This object as JSON; members with their default value are left out. */
  public JsonObject toJson() {
    return JsonObject.builder()
        .putUnlessEmpty("devices", JsonArray.of(devices, DeviceRule::toJson))
        .putIfPresent("memory", memory, Memory::toJson)
        .putIfPresent("cpu", cpu, Cpu::toJson)
        .putIfPresent("pids", pids, Pids::toJson)
        .putIfPresent("blockIO", blockIO, BlockIo::toJson)
        .putUnlessEmpty("hugepageLimits", JsonArray.of(hugepageLimits, HugepageLimit::toJson))
        .putIfPresent("network", network, NetworkClass::toJson)
        .putUnlessEmpty("rdma", JsonObject.of(rdma, Rdma::toJson))
        .putUnlessEmpty("unified", JsonValue.ofStrings(unified))
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
    builder.devices = devices;
    builder.memory = memory;
    builder.cpu = cpu;
    builder.pids = pids;
    builder.blockIO = blockIO;
    builder.hugepageLimits = hugepageLimits;
    builder.network = network;
    builder.rdma = rdma;
    builder.unified = unified;
    builder.extra = extra;
    return builder;
  }

  /** Collects the parts of a {@link Resources}; for use by one thread. */
  public static final class Builder {
    private List<DeviceRule> devices = List.of();
    private Optional<Memory> memory = Optional.empty();
    private Optional<Cpu> cpu = Optional.empty();
    private Optional<Pids> pids = Optional.empty();
    private Optional<BlockIo> blockIO = Optional.empty();
    private List<HugepageLimit> hugepageLimits = List.of();
    private Optional<NetworkClass> network = Optional.empty();
    private SequencedMap<String, Rdma> rdma = Copies.of(Map.of());
    private SequencedMap<String, String> unified = Copies.of(Map.of());
    private JsonObject extra = JsonObject.EMPTY;

    private Builder() {}

    /** Sets {@link Resources#devices}. */
    public Builder devices(List<DeviceRule> devices) {
      this.devices = devices;
      return this;
    }

    /** Sets {@link Resources#memory}. */
    public Builder memory(Memory memory) {
      this.memory = Optional.of(memory);
      return this;
    }

    /** Sets {@link Resources#cpu}. */
    public Builder cpu(Cpu cpu) {
      this.cpu = Optional.of(cpu);
      return this;
    }

    /** Sets {@link Resources#pids}. */
    public Builder pids(Pids pids) {
      this.pids = Optional.of(pids);
      return this;
    }

    /** Sets {@link Resources#blockIO}. */
    public Builder blockIO(BlockIo blockIO) {
      this.blockIO = Optional.of(blockIO);
      return this;
    }

    /** Sets {@link Resources#hugepageLimits}. */
    public Builder hugepageLimits(List<HugepageLimit> hugepageLimits) {
      this.hugepageLimits = hugepageLimits;
      return this;
    }

    /** Sets {@link Resources#network}. */
    public Builder network(NetworkClass network) {
      this.network = Optional.of(network);
      return this;
    }

    /** Sets {@link Resources#rdma}. */
    public Builder rdma(Map<String, Rdma> rdma) {
      this.rdma = Copies.of(rdma);
      return this;
    }

    /** Sets {@link Resources#unified}. */
    public Builder unified(Map<String, String> unified) {
      this.unified = Copies.of(unified);
      return this;
    }

    /** Sets {@link Resources#extra}. */
    public Builder extra(JsonObject extra) {
      this.extra = extra;
      return this;
    }

    /** The finished value. */
    public Resources build() {
      return new Resources(
          devices, memory, cpu, pids, blockIO, hugepageLimits, network, rdma, unified, extra);
    }
  }
}
