package dev.coffer.conformance.engines;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What the kernel itself shows of a container, whatever its engine claims. */
final class Kernel {

  private static final Path CGROUPS = Path.of("/sys/fs/cgroup");

  private Kernel() {}

  /**
   * The value of a control group's file.
   *
   * @param pid a process of the group
   * @param controller such as {@code memory}
   * @param file the file's name in version 1
   * @param unifiedFile its name in version 2, where the host has no version 1 of the controller
   */
  static String limit(long pid, String controller, String file, String unifiedFile) {
    List<String> lines = lines(Path.of("/proc", Long.toString(pid), "cgroup"));
    for (String line : lines) {
      String[] fields = line.split(":", 3);
      if (List.of(fields[1].split(",")).contains(controller)) {
        return text(CGROUPS.resolve(fields[1]).resolve(fields[2].substring(1)).resolve(file));
      }
    }
    String path = lines.getLast().split(":", 3)[2];
    return text(CGROUPS.resolve(path.substring(1)).resolve(unifiedFile));
  }

  /** The value of a field of a process's {@code status}. */
  static String status(long pid, String field) {
    return lines(Path.of("/proc", Long.toString(pid), "status")).stream()
        .filter(line -> line.startsWith(field + ":"))
        .map(line -> line.substring(field.length() + 1).strip())
        .findFirst()
        .orElseThrow();
  }

  /** The name of a process's namespace, such as {@code net:[4026531840]}. */
  static String namespace(long pid, String kind) {
    try {
      return Files.readSymbolicLink(Path.of("/proc", Long.toString(pid), "ns", kind)).toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The capabilities that this host's root has, as the kernel writes a set. */
  static String rootsCapabilities() {
    return status(ProcessHandle.current().pid(), "CapPrm");
  }

  /** Of a set of capabilities those that Docker 20.10 knows: up to CAP_AUDIT_READ. */
  static long knownToDocker(String set) {
    return Long.parseLong(set, 16) & ((1L << 38) - 1);
  }

  /** Whether this host's root may have every capability that its kernel knows. */
  static boolean rootHasAllCapabilities() {
    int last = Integer.parseInt(text(Path.of("/proc/sys/kernel/cap_last_cap")));
    String bounding = status(ProcessHandle.current().pid(), "CapBnd");
    return new BigInteger(bounding, 16).bitCount() == last + 1;
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(Path file) {
    return String.join("\n", lines(file)).strip();
  }
}
