package dev.coffer.plan.compile;

import dev.coffer.plan.wire.Kernel;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The options of a mount that mean the same whatever its file system is (runtime-spec, config.md,
 * Linux mount options). All others are the file system's own.
 */
final class MountOptionTable {
  /** What an option asks for. */
  sealed interface Meaning {}

  /**
   * Attributes of the mount.
   *
   * @param set {@code MOUNT_ATTR_*} flags to set
   * @param clear flags to clear before
   * @param below whether on all mounts below it as well
   */
  record Attributes(long set, long clear, boolean below) implements Meaning {}

  /**
   * How mounts and unmounts in it spread.
   *
   * @param flag {@code MS_*}
   * @param below whether for all mounts below it as well
   */
  record Propagation(long flag, boolean below) implements Meaning {}

  /** What is of its own kind. */
  enum Other implements Meaning {
    BIND,
    BIND_BELOW,
    COPY_UP,
    ID_MAP,
    ID_MAP_BELOW,
    REMOUNT,

    /** For the file system, though it has it from the kernel or may do without. */
    FILE_SYSTEM,

    /** So it is anyway; or about what mount(2) writes to the kernel's log. */
    NOTHING
  }

  private static final SortedMap<String, Meaning> MEANINGS = meanings();

  private MountOptionTable() {}

  /** The names of all options, sorted. */
  static List<String> names() {
    return List.copyOf(MEANINGS.keySet());
  }

  /** What an option means; empty: the file system may know. */
  static Optional<Meaning> meaning(String option) {
    return Optional.ofNullable(MEANINGS.get(option));
  }

  private static SortedMap<String, Meaning> meanings() {
    SortedMap<String, Meaning> all = new TreeMap<>();
    attribute(all, "ro", "rw", Kernel.MOUNT_ATTR_RDONLY);
    attribute(all, "nosuid", "suid", Kernel.MOUNT_ATTR_NOSUID);
    attribute(all, "nodev", "dev", Kernel.MOUNT_ATTR_NODEV);
    attribute(all, "noexec", "exec", Kernel.MOUNT_ATTR_NOEXEC);
    attribute(all, "nodiratime", "diratime", Kernel.MOUNT_ATTR_NODIRATIME);
    attribute(all, "nosymfollow", "symfollow", Kernel.MOUNT_ATTR_NOSYMFOLLOW);
    // These exclude each other: the whole field is cleared, then one is set.
    for (String name : List.of("relatime", "norelatime", "atime", "nostrictatime")) {
      attributes(all, name, Kernel.MOUNT_ATTR_RELATIME, Kernel.MOUNT_ATTR_ATIME);
    }
    attributes(all, "noatime", Kernel.MOUNT_ATTR_NOATIME, Kernel.MOUNT_ATTR_ATIME);
    attributes(all, "strictatime", Kernel.MOUNT_ATTR_STRICTATIME, Kernel.MOUNT_ATTR_ATIME);
    propagation(all, "shared", Kernel.MS_SHARED);
    propagation(all, "slave", Kernel.MS_SLAVE);
    propagation(all, "private", Kernel.MS_PRIVATE);
    propagation(all, "unbindable", Kernel.MS_UNBINDABLE);
    all.put("bind", Other.BIND);
    all.put("rbind", Other.BIND_BELOW);
    all.put("tmpcopyup", Other.COPY_UP);
    all.put("idmap", Other.ID_MAP);
    all.put("ridmap", Other.ID_MAP_BELOW);
    all.put("remount", Other.REMOUNT);
    for (String name : List.of("sync", "dirsync", "lazytime", "mand", "iversion", "acl")) {
      all.put(name, Other.FILE_SYSTEM);
    }
    for (String name : List.of("async", "nolazytime", "nomand", "noiversion", "noacl")) {
      all.put(name, Other.FILE_SYSTEM);
    }
    for (String name : List.of("defaults", "silent", "loud")) {
      all.put(name, Other.NOTHING);
    }
    return Collections.unmodifiableSortedMap(all);
  }

  private static void attribute(
      SortedMap<String, Meaning> all, String setting, String clearing, long attribute) {
    attributes(all, setting, attribute, 0);
    attributes(all, clearing, 0, attribute);
  }

  private static void attributes(
      SortedMap<String, Meaning> all, String name, long set, long clear) {
    all.put(name, new Attributes(set, clear, false));
    all.put("r" + name, new Attributes(set, clear, true));
  }

  private static void propagation(SortedMap<String, Meaning> all, String name, long flag) {
    all.put(name, new Propagation(flag, false));
    all.put("r" + name, new Propagation(flag, true));
  }
}
