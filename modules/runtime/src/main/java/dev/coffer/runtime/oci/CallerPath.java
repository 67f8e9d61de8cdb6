package dev.coffer.runtime.oci;

import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Paths that a caller gives: by some of them it means its own descriptors, not this process's. */
public final class CallerPath {
  private static final Pattern DESCRIPTOR = Pattern.compile("/dev/fd/([0-9]+)");
  private static final Pattern OWN_PROCESS = Pattern.compile("^/proc/(thread-)?self/");

  private CallerPath() {}

  /**
   * An absolute path to the same.
   *
   * @param workingDirectory the caller's
   * @param pid the caller's
   */
  public static Path resolve(Path workingDirectory, int pid, String path) {
    String absolute = workingDirectory.resolve(path).normalize().toString();
    String process = "/proc/" + pid + "/";
    Matcher descriptor = DESCRIPTOR.matcher(absolute);
    if (descriptor.matches()) {
      return Path.of(process, "fd", descriptor.group(1));
    }
    return switch (absolute) {
      case "/dev/stdin" -> Path.of(process, "fd", "0");
      case "/dev/stdout" -> Path.of(process, "fd", "1");
      case "/dev/stderr" -> Path.of(process, "fd", "2");
      default -> Path.of(OWN_PROCESS.matcher(absolute).replaceFirst(process));
    };
  }
}
