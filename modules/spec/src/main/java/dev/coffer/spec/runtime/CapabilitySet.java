package dev.coffer.spec.runtime;

import dev.coffer.spec.json.JsonArray;
import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.JsonValue;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * A set of capabilities. Names that are not known are kept: a runtime warns about them and goes on
 * (config.md, Linux Process).
 *
 * @param known the capabilities, in the order of their numbers
 * @param unknown other names that stood in the config
 */
public record CapabilitySet(Set<Capability> known, List<String> unknown) {
  /** No capabilities. */
  public static final CapabilitySet EMPTY = of(Set.of());

  /** Every capability that is known here. */
  public static final CapabilitySet ALL = of(EnumSet.allOf(Capability.class));

  public CapabilitySet {
    Set<Capability> copy = EnumSet.noneOf(Capability.class);
    copy.addAll(known);
    known = Collections.unmodifiableSet(copy);
    unknown = List.copyOf(unknown);
  }

  /** A set of known capabilities. */
  public static CapabilitySet of(Set<Capability> known) {
    return new CapabilitySet(known, List.of());
  }

  /** The set of those bits of a mask that are known. */
  public static CapabilitySet ofBits(long bits) {
    Set<Capability> known = EnumSet.noneOf(Capability.class);
    for (Capability capability : Capability.values()) {
      if ((bits & (1L << capability.number())) != 0) {
        known.add(capability);
      }
    }
    return of(known);
  }

  /** Reads an array of names; a missing one is the empty set. */
  static CapabilitySet read(JsonCursor json) {
    Set<Capability> known = EnumSet.noneOf(Capability.class);
    List<String> unknown = new ArrayList<>();
    for (String name : json.list(JsonCursor::string)) {
      Capability.find(name).ifPresentOrElse(known::add, () -> unknown.add(name));
    }
    return new CapabilitySet(known, unknown);
  }

  /** The names as an array. */
  JsonArray toJson() {
    List<String> names = new ArrayList<>();
    known.forEach(capability -> names.add(capability.spelling()));
    names.addAll(unknown);
    return JsonValue.ofStrings(names);
  }

  /** The known capabilities as the kernel's bit mask. */
  public long bits() {
    long bits = 0;
    for (Capability capability : known) {
      bits |= 1L << capability.number();
    }
    return bits;
  }

  /** Whether the set has it. */
  public boolean contains(Capability capability) {
    return known.contains(capability);
  }
}
