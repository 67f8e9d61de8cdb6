package dev.coffer.spec.runtime;

import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.JsonFields;
import dev.coffer.spec.json.JsonObject;

/**
 * The capability sets of a process; capabilities(7).
 *
 * @param bounding limit of what exec can give
 * @param effective what the kernel checks
 * @param inheritable kept over exec of a file that has them inheritable
 * @param permitted limit of the effective set
 * @param ambient kept over exec of an unprivileged file; must be permitted and inheritable
 * @param extra members that the specification does not know, kept for writing
 */
public record Capabilities(
    CapabilitySet bounding,
    CapabilitySet effective,
    CapabilitySet inheritable,
    CapabilitySet permitted,
    CapabilitySet ambient,
    JsonObject extra) {

  /**
   * What container engines give a process: the same bounding, effective and permitted set, and
   * nothing inheritable or ambient.
   */
  public static Capabilities of(CapabilitySet set) {
    return new Capabilities(
        set, set, CapabilitySet.EMPTY, set, CapabilitySet.EMPTY, JsonObject.EMPTY);
  }

  /** Reads the object at a cursor; fails with a {@code SpecException} that names the path. */
  public static Capabilities read(JsonCursor json) {
    JsonFields in = new JsonFields(json);
    return new Capabilities(
        CapabilitySet.read(in.field("bounding")),
        CapabilitySet.read(in.field("effective")),
        CapabilitySet.read(in.field("inheritable")),
        CapabilitySet.read(in.field("permitted")),
        CapabilitySet.read(in.field("ambient")),
        in.rest());
  }

  /** This object as JSON; members with their default value are left out. */
  public JsonObject toJson() {
    return JsonObject.builder()
        .putUnlessEmpty("bounding", bounding.toJson())
        .putUnlessEmpty("effective", effective.toJson())
        .putUnlessEmpty("inheritable", inheritable.toJson())
        .putUnlessEmpty("permitted", permitted.toJson())
        .putUnlessEmpty("ambient", ambient.toJson())
        .putAll(extra)
        .build();
  }
}
