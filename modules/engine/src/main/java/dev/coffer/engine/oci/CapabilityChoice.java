package dev.coffer.engine.oci;

import dev.coffer.engine.EngineException;
import dev.coffer.engine.EngineException.Kind;
import dev.coffer.engine.model.SecurityRequest;
import dev.coffer.plan.seccomp.DefaultCapabilities;
import dev.coffer.spec.runtime.Capability;
import dev.coffer.spec.runtime.CapabilitySet;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Which capabilities a container has. */
final class CapabilityChoice {

  private static final String ALL = "ALL";

  private CapabilityChoice() {}

  /** Drops apply first, then additions; {@code ALL} stands for every one. */
  static CapabilitySet of(SecurityRequest request) {
    if (request.privileged()) {
      return CapabilitySet.ALL;
    }
    Set<Capability> added = named(request.capAdd(), "add");
    Set<Capability> dropped = named(request.capDrop(), "drop");
    boolean addsAll = hasAll(request.capAdd());
    Set<Capability> set = EnumSet.noneOf(Capability.class);
    if (addsAll) {
      set.addAll(EnumSet.allOf(Capability.class));
      set.removeAll(dropped);
    } else {
      if (!hasAll(request.capDrop())) {
        set.addAll(DefaultCapabilities.SET.known());
        set.removeAll(dropped);
      }
      set.addAll(added);
    }
    return CapabilitySet.of(set);
  }

  private static boolean hasAll(List<String> names) {
    return names.stream().anyMatch(ALL::equalsIgnoreCase);
  }

  private static Set<Capability> named(List<String> names, String verb) {
    Set<Capability> set = EnumSet.noneOf(Capability.class);
    for (String name : names) {
      if (!name.equalsIgnoreCase(ALL)) {
        set.add(
            Capability.find(name)
                .orElseThrow(
                    () ->
                        new EngineException(
                            Kind.INVALID,
                            "cannot create container: unknown capability to %s: \"%s\""
                                .formatted(verb, name))));
      }
    }
    return set;
  }
}
