package dev.coffer.plan.compile;

import dev.coffer.plan.Feature;
import dev.coffer.plan.HostFacts;
import java.util.List;
import java.util.Set;

/** The options of a mount that mean something here, and not to one file system alone. */
public final class MountOptionNames {
  private static final Set<String> ID_MAPS = Set.of("idmap", "ridmap");

  private MountOptionNames() {}

  /** Those that a host can do, sorted. */
  public static List<String> known(HostFacts facts) {
    return MountOptionTable.names().stream()
        .filter(name -> !ID_MAPS.contains(name) || facts.has(Feature.IDMAP_MOUNTS))
        .toList();
  }
}
