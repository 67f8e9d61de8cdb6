package dev.coffer.runtime.host;

import java.util.Optional;

/**
 * A line of /proc/self/mountinfo, see {@code proc_pid_mountinfo(5)}.
 *
 * @param id of the mount, unique on the host
 * @param device numbers of its file system, {@code MAJOR:MINOR}
 * @param root path of the mount's root in its file system
 * @param options those of the file system
 */
public record MountLine(
    int id, String device, String root, String mountPoint, String type, String options) {
  /** Empty for a line that has not the form the manual gives. */
  public static Optional<MountLine> parse(String line) {
    int separator = line.indexOf(" - ");
    if (separator < 0) {
      return Optional.empty();
    }
    String[] before = line.substring(0, separator).split(" ", -1);
    String[] after = line.substring(separator + 3).split(" ", -1);
    if (before.length < 6 || after.length < 3) {
      return Optional.empty();
    }
    if (!before[0].matches("[0-9]{1,9}")) {
      return Optional.empty();
    }
    return Optional.of(
        new MountLine(
            Integer.parseInt(before[0]),
            before[2],
            unescape(before[3]),
            unescape(before[4]),
            after[0],
            after[2]));
  }

  /** A path of the file system as seen from the mount; {@code /} for one outside of it. */
  String below(String path) {
    if (root.equals("/")) {
      return path;
    }
    if (!path.startsWith(root)) {
      return "/";
    }
    String rest = path.substring(root.length());
    return rest.isEmpty() ? "/" : rest;
  }

  /** Space, tab, newline and backslash are written as three octal digits. */
  private static String unescape(String text) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) == '\\' && i + 3 < text.length()) {
        out.append((char) Integer.parseInt(text.substring(i + 1, i + 4), 8));
        i += 3;
      } else {
        out.append(text.charAt(i));
      }
    }
    return out.toString();
  }
}
