package dev.coffer.runtime.systemd;

import java.util.regex.Pattern;

/**
 * The unit that a container's cgroup belongs to.
 *
 * @param slice the unit above it, such as {@code system.slice}
 * @param unit its own name, such as {@code coffer-web.scope}
 */
public record Scope(String slice, String unit) {
  private static final String SLICE = ".slice";
  private static final String PREFIX = "coffer";
  private static final int PARTS = 3;

  /** systemd.unit(5). */
  private static final int LONGEST = 255;

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9:_.@\\\\-]+");

  public Scope {
    check(slice);
    check(unit);
    if (!isSlice(slice)) {
      throw new IllegalArgumentException("linux.cgroupsPath: \"" + slice + "\" is no slice");
    }
  }

  private static void check(String name) {
    if (name.length() > LONGEST || !NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "linux.cgroupsPath: \"" + name + "\" is no name of a unit of systemd");
    }
  }

  /** In a slice's name every part between dashes is a slice itself. */
  private static boolean isSlice(String name) {
    if (name.equals("-" + SLICE)) {
      return true;
    }
    String parts = name.endsWith(SLICE) ? name.substring(0, name.length() - SLICE.length()) : "";
    return !parts.isEmpty()
        && !parts.startsWith("-")
        && !parts.endsWith("-")
        && !parts.contains("--");
  }

  /**
   * What {@code linux.cgroupsPath} means where systemd keeps the cgroups: {@code
   * slice:prefix:name}.
   *
   * @param cgroupsPath empty: the default slice, and a name made of the id
   * @param defaultSlice for a path without one
   */
  public static Scope of(String cgroupsPath, String id, String defaultSlice) {
    if (cgroupsPath.isEmpty()) {
      return new Scope(defaultSlice, PREFIX + "-" + id + ".scope");
    }
    String[] parts = cgroupsPath.split(":", -1);
    if (parts.length != PARTS) {
      throw new IllegalArgumentException(
          "linux.cgroupsPath: \"%s\" is not of the form slice:prefix:name, which --systemd-cgroup wants"
              .formatted(cgroupsPath));
    }
    if (parts[2].endsWith(SLICE)) {
      throw new IllegalArgumentException(
          "linux.cgroupsPath: \"%s\" names a slice, which holds no processes"
              .formatted(cgroupsPath));
    }
    return new Scope(
        parts[0].isEmpty() ? defaultSlice : parts[0], parts[1] + "-" + parts[2] + ".scope");
  }

  /**
   * Its cgroup. That of a slice {@code a-b.slice} is in that of {@code a.slice} (systemd.slice(5)).
   *
   * @param root the cgroup of the manager that keeps it; empty for the host's
   */
  public String cgroup(String root) {
    StringBuilder path = new StringBuilder(root);
    if (!slice.equals("-" + SLICE)) {
      String parts = slice.substring(0, slice.length() - SLICE.length());
      for (int dash = parts.indexOf('-'); dash >= 0; dash = parts.indexOf('-', dash + 1)) {
        path.append('/').append(parts, 0, dash).append(SLICE);
      }
      path.append('/').append(slice);
    }
    return path.append('/').append(unit).toString();
  }
}
