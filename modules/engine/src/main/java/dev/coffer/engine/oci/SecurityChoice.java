package dev.coffer.engine.oci;

import dev.coffer.engine.EngineException;
import dev.coffer.engine.EngineException.Kind;
import dev.coffer.engine.model.SecurityRequest;
import dev.coffer.spec.runtime.CapabilitySet;
import java.util.List;

/**
 * What a container may do, after {@code --privileged}, {@code --cap-add}, {@code --cap-drop} and
 * {@code --security-opt} have been weighed.
 *
 * @param capabilities what root has inside
 * @param seccomp {@code builtin}, {@code unconfined}, or a profile's JSON
 * @param maskedPaths what cannot be read
 * @param readOnlyPaths what cannot be written
 */
public record SecurityChoice(
    boolean privileged,
    CapabilitySet capabilities,
    boolean noNewPrivileges,
    String seccomp,
    List<String> maskedPaths,
    List<String> readOnlyPaths) {

  /** What of /proc and /sys tells of or reaches the host; the list is Docker's. */
  private static final List<String> MASKED =
      List.of(
          "/proc/acpi",
          "/proc/asound",
          "/proc/interrupts",
          "/proc/kcore",
          "/proc/keys",
          "/proc/latency_stats",
          "/proc/sched_debug",
          "/proc/scsi",
          "/proc/timer_list",
          "/proc/timer_stats",
          "/sys/devices/virtual/powercap",
          "/sys/firmware");

  private static final List<String> READ_ONLY =
      List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger");

  /** Weighs a request. */
  public static SecurityChoice of(SecurityRequest request) {
    CapabilitySet capabilities = CapabilityChoice.of(request);
    boolean noNewPrivileges = false;
    boolean systemPaths = !request.privileged();
    String seccomp = request.privileged() ? "unconfined" : "builtin";
    for (String option : request.securityOptions()) {
      int separator = separator(option);
      String name = separator < 0 ? option : option.substring(0, separator);
      String value = separator < 0 ? "" : option.substring(separator + 1);
      switch (name) {
        case "no-new-privileges" -> noNewPrivileges = flag(option, value);
        case "seccomp" -> seccomp = value;
        case "systempaths" -> {
          require(value.equals("unconfined"), option);
          systemPaths = false;
        }
        case "apparmor" -> unconfinedOnly(name, value, "unconfined");
        case "label" -> unconfinedOnly(name, value, "disable");
        default -> require(false, option);
      }
    }
    return new SecurityChoice(
        request.privileged(),
        capabilities,
        noNewPrivileges,
        seccomp,
        systemPaths ? MASKED : List.of(),
        systemPaths ? READ_ONLY : List.of());
  }

  private static int separator(String option) {
    int equals = option.indexOf('=');
    int colon = option.indexOf(':');
    return equals < 0 || (colon >= 0 && colon < equals) ? colon : equals;
  }

  private static boolean flag(String option, String value) {
    require(List.of("", "true", "false").contains(value), option);
    return !value.equals("false");
  }

  private static void unconfinedOnly(String name, String value, String off) {
    if (!value.equals(off)) {
      throw new EngineException(
          Kind.NOT_SUPPORTED,
          "cannot create container: not supported: security option "
              + name
              + "="
              + value
              + " (only "
              + name
              + "="
              + off
              + ")");
    }
  }

  private static void require(boolean holds, String option) {
    if (!holds) {
      throw new EngineException(
          Kind.INVALID, "cannot create container: invalid security option \"" + option + "\"");
    }
  }
}
