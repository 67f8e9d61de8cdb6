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
 * The hardware of a virtual machine.
 *
 * @param deviceTree path of a device tree
 * @param vcpus number of virtual CPUs
 * @param memory memory in bytes, unsigned
 * @param dtdevs device tree nodes to pass through
 * @param iomems I/O memory to pass through
 * @param irqs interrupts to pass through
 * @param extra members that the specification does not know, kept for writing
 */
public record VmHardware(
    Optional<String> deviceTree,
    Optional<Long> vcpus,
    Optional<Long> memory,
    List<String> dtdevs,
    List<VmIoMemory> iomems,
    List<Long> irqs,
    JsonObject extra) {
  public VmHardware {
    dtdevs = List.copyOf(dtdevs);
    iomems = List.copyOf(iomems);
    irqs = List.copyOf(irqs);
  }

  /** Reads the object at a cursor; fails with a {@code SpecException} that names the path. */
  public static VmHardware read(JsonCursor json) {
    JsonFields in = new JsonFields(json);
    return new VmHardware(
        in.field("deviceTree").nonEmpty(),
        in.field("vcpus").optional(JsonCursor::uint32),
        in.field("memory").optional(JsonCursor::uint64),
        in.field("dtdevs").list(JsonCursor::string),
        in.field("iomems").list(VmIoMemory::read),
        in.field("irqs").list(JsonCursor::uint32),
        in.rest());
  }

  /** This object as JSON; members with their default value are left out. */
  public JsonObject toJson() {
    return JsonObject.builder()
        .putIfPresent("deviceTree", deviceTree)
        .putIfPresent("vcpus", vcpus, JsonNumber::of)
        .putIfPresent("memory", memory, JsonNumber::ofUnsigned)
        .putUnlessEmpty("dtdevs", JsonValue.ofStrings(dtdevs))
        .putUnlessEmpty("iomems", JsonArray.of(iomems, VmIoMemory::toJson))
        .putUnlessEmpty("irqs", JsonValue.ofNumbers(irqs))
        .putAll(extra)
        .build();
  }
}
