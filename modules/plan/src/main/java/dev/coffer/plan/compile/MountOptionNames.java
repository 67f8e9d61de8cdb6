package dev.coffer.plan.compile;

import dev.coffer.plan.Feature;
import dev.coffer.plan.HostFacts;
import java.util.List;
import java.util.Set;

/** The options of a mount that mean something here, and not to the file system alone. */
public final class MountOptionNames {
  private static final Set<String> ID_MAPS = Set.of("idmap", "ridmap");

  private static final List<String> NAMES =
      List.of(
          "atime",
          "bind",
          "defaults",
          "dev",
          "diratime",
          "exec",
          "idmap",
          "loud",
          "noatime",
          "nodev",
          "nodiratime",
          "noexec",
          "norelatime",
          "nostrictatime",
          "nosuid",
          "nosymfollow",
          "private",
          "ratime",
          "rbind",
          "rdev",
          "rdiratime",
          "relatime",
          "remount",
          "rexec",
          "ridmap",
          "rnoatime",
          "rnodev",
          "rnodiratime",
          "rnoexec",
          "rnorelatime",
          "rnostrictatime",
          "rnosuid",
          "rnosymfollow",
          "ro",
          "rprivate",
          "rrelatime",
          "rro",
          "rrw",
          "rshared",
          "rslave",
          "rstrictatime",
          "rsuid",
          "rsymfollow",
          "runbindable",
          "rw",
          "shared",
          "silent",
          "slave",
          "strictatime",
          "suid",
          "symfollow",
          "tmpcopyup",
          "unbindable");

  private MountOptionNames() {}

  /** Those that a host can do, sorted. */
  public static List<String> known(HostFacts facts) {
    return NAMES.stream()
        .filter(name -> !ID_MAPS.contains(name) || facts.has(Feature.IDMAP_MOUNTS))
        .toList();
  }
}
