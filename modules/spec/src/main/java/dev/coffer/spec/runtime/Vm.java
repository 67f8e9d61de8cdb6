package dev.coffer.spec.runtime;

import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.JsonFields;
import dev.coffer.spec.json.JsonObject;
import java.util.Optional;

/**
 * What a config says for runtimes based on virtual machines. Source: config-vm.md.
 *
 * @param hypervisor the hypervisor
 * @param kernel the kernel to boot; required
 * @param image the machine's own root file system
 * @param hwConfig hardware to pass through
 * @param extra members that the specification does not know, kept for writing
 */
public record Vm(
    Optional<VmHypervisor> hypervisor,
    Optional<VmKernel> kernel,
    Optional<VmImage> image,
    Optional<VmHardware> hwConfig,
    JsonObject extra) {

  /** Reads the object at a cursor; fails with a {@code SpecException} that names the path. */
  public static Vm read(JsonCursor json) {
    JsonFields in = new JsonFields(json);
    return new Vm(
        in.field("hypervisor").optional(VmHypervisor::read),
        in.field("kernel").optional(VmKernel::read),
        in.field("image").optional(VmImage::read),
        in.field("hwConfig").optional(VmHardware::read),
        in.rest());
  }

  /** This object as JSON; members with their default value are left out. */
  public JsonObject toJson() {
    return JsonObject.builder()
        .putIfPresent("hypervisor", hypervisor, VmHypervisor::toJson)
        .putIfPresent("kernel", kernel, VmKernel::toJson)
        .putIfPresent("image", image, VmImage::toJson)
        .putIfPresent("hwConfig", hwConfig, VmHardware::toJson)
        .putAll(extra)
        .build();
  }
}
