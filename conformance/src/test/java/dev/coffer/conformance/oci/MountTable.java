package dev.coffer.conformance.oci;

import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** The lines of a {@code /proc/PID/mountinfo} (proc_pid_mountinfo(5)), in their order. */
record MountTable(List<Entry> entries) {

  /**
   * A mount.
   *
   * @param root what of its file system is mounted
   * @param options those of the mount
   * @param propagation the optional fields, as {@code shared:12}
   * @param superOptions those of the file system
   */
  record Entry(
      String root,
      String mountPoint,
      Set<String> options,
      List<String> propagation,
      String type,
      String source,
      Set<String> superOptions) {

    boolean hasPropagation(String kind) {
      return propagation.stream().anyMatch(field -> field.split(":")[0].equals(kind));
    }

    private static Entry parse(String line) {
      String[] halves = line.split(" - ", 2);
      String[] first = halves[0].split(" ");
      String[] second = halves[1].split(" ");
      return new Entry(
          first[3],
          first[4],
          Set.of(first[5].split(",")),
          List.of(Arrays.copyOfRange(first, 6, first.length)),
          second[0],
          second[1],
          Set.of(second[2].split(",")));
    }
  }

  static MountTable parse(String text) {
    return new MountTable(text.lines().map(Entry::parse).toList());
  }

  /** The topmost mount at a place. */
  Entry at(String mountPoint) {
    return entries.stream()
        .filter(entry -> entry.mountPoint().equals(mountPoint))
        .reduce((_, last) -> last)
        .orElseThrow(() -> new AssertionError("nothing is mounted at " + mountPoint + ": " + this));
  }

  /** The mounts at a place and below it. */
  List<Entry> below(String mountPoint) {
    return entries.stream()
        .filter(
            entry ->
                entry.mountPoint().equals(mountPoint)
                    || entry.mountPoint().startsWith(mountPoint + "/"))
        .toList();
  }
}
