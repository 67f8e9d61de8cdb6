package dev.coffer.spec.runtime;

import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.JsonFields;
import dev.coffer.spec.json.JsonNumber;
import dev.coffer.spec.json.JsonObject;
import java.util.List;
import java.util.Optional;

/**
 * An entry of the allowed device list.
 *
 * @param allow whether to allow or to deny
 * @param type character, block or all; absent is all
 * @param major major number; absent or -1 is any
 * @param minor minor number; absent or -1 is any
 * @param access some of {@code r}, {@code w} and {@code m} (mknod); absent is all
 * @param extra members that the specification does not know, kept for writing
 */
public record DeviceRule(
    boolean allow,
    Optional<DeviceType> type,
    Optional<Long> major,
    Optional<Long> minor,
    Optional<String> access,
    JsonObject extra) {

  /** Denies every access to every device: how a list begins. */
  public static final DeviceRule DENY_ALL =
      new DeviceRule(
          false,
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.of("rwm"),
          JsonObject.EMPTY);

  private static final String ALL_ACCESS = "rwm";
  private static final long ANY = -1L;

  /**
   * What every container may use: null, zero, full, random, urandom, tty, console, ptmx and the
   * terminals; any node may be made, which gives no access to the device. A runtime must supply the
   * default devices (config-linux.md, Default Devices), whatever the list says of them.
   */
  public static final List<DeviceRule> DEFAULTS =
      List.of(
          allow(DeviceType.CHARACTER, 1, 3, ALL_ACCESS),
          allow(DeviceType.CHARACTER, 1, 5, ALL_ACCESS),
          allow(DeviceType.CHARACTER, 1, 7, ALL_ACCESS),
          allow(DeviceType.CHARACTER, 1, 8, ALL_ACCESS),
          allow(DeviceType.CHARACTER, 1, 9, ALL_ACCESS),
          allow(DeviceType.CHARACTER, 5, 0, ALL_ACCESS),
          allow(DeviceType.CHARACTER, 5, 1, ALL_ACCESS),
          allow(DeviceType.CHARACTER, 5, 2, ALL_ACCESS),
          allow(DeviceType.CHARACTER, 136, ANY, ALL_ACCESS),
          allow(DeviceType.CHARACTER, ANY, ANY, "m"),
          allow(DeviceType.BLOCK, ANY, ANY, "m"));

  /** Allows a device; -1 stands for any major or minor number. */
  public static DeviceRule allow(DeviceType type, long major, long minor, String access) {
    return new DeviceRule(
        true,
        Optional.of(type),
        Optional.of(major).filter(number -> number >= 0),
        Optional.of(minor).filter(number -> number >= 0),
        Optional.of(access),
        JsonObject.EMPTY);
  }

  /**
   * Rules of which each has one type of device, or is for all of them and every access: what the
   * kernel takes a rule without a type for, whatever numbers and access it has. One that denies
   * some access to all devices stays such a rule, and denies all of it, since taking that out of
   * what is allowed to single devices would be lost.
   */
  public List<DeviceRule> ofOneType() {
    boolean anyDevice = isAny(major) && isAny(minor);
    boolean anyAccess = access.isEmpty() || access.get().chars().distinct().count() == 3;
    if (type.orElse(DeviceType.ALL) != DeviceType.ALL || (anyDevice && (anyAccess || !allow))) {
      return List.of(this);
    }
    return List.of(of(DeviceType.CHARACTER), of(DeviceType.BLOCK));
  }

  private DeviceRule of(DeviceType one) {
    return new DeviceRule(
        allow, Optional.of(one), major, minor, Optional.of(access.orElse(ALL_ACCESS)), extra);
  }

  private static boolean isAny(Optional<Long> number) {
    return number.orElse(ANY) == ANY;
  }

  /** Reads the object at a cursor; fails with a {@code SpecException} that names the path. */
  public static DeviceRule read(JsonCursor json) {
    JsonFields in = new JsonFields(json);
    return new DeviceRule(
        in.field("allow").bool(),
        in.field("type").optional(c -> c.constant(DeviceType.class, DeviceType::spelling)),
        in.field("major").optional(JsonCursor::int64),
        in.field("minor").optional(JsonCursor::int64),
        in.field("access").nonEmpty(),
        in.rest());
  }

  /** This object as JSON; members with their default value are left out. */
  public JsonObject toJson() {
    return JsonObject.builder()
        .put("allow", allow)
        .putIfPresent("type", type.map(DeviceType::spelling))
        .putIfPresent("major", major, JsonNumber::of)
        .putIfPresent("minor", minor, JsonNumber::of)
        .putIfPresent("access", access)
        .putAll(extra)
        .build();
  }
}
