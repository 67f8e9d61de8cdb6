package dev.coffer.runtime.host;

import dev.coffer.kernel.CurrentProcess;
import dev.coffer.kernel.Errno;
import dev.coffer.kernel.Host;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.KernelProbe;
import dev.coffer.kernel.OverlayMethod;
import dev.coffer.kernel.ProcFile;
import dev.coffer.plan.CgroupLayout;
import dev.coffer.plan.Cpusets;
import dev.coffer.plan.Feature;
import dev.coffer.plan.HostFacts;
import dev.coffer.plan.wire.Architecture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Asks the kernel what there is, by trying rather than by its version. Changes nothing; some
 * milliseconds, once for each engine.
 */
public final class HostProbe {
  /** The names of the limits in the order of their numbers, see {@code getrlimit(2)}. */
  private static final List<String> LIMITS =
      List.of(
          "RLIMIT_CPU",
          "RLIMIT_FSIZE",
          "RLIMIT_DATA",
          "RLIMIT_STACK",
          "RLIMIT_CORE",
          "RLIMIT_RSS",
          "RLIMIT_NPROC",
          "RLIMIT_NOFILE",
          "RLIMIT_MEMLOCK",
          "RLIMIT_AS",
          "RLIMIT_LOCKS",
          "RLIMIT_SIGPENDING",
          "RLIMIT_MSGQUEUE",
          "RLIMIT_NICE",
          "RLIMIT_RTPRIO",
          "RLIMIT_RTTIME");

  private static final String WHOLE_ID_RANGE = "0 0 4294967295";

  private HostProbe() {}

  /**
   * The facts as they are now.
   *
   * @throws IOException where /proc cannot be read: nothing can be done on such a host
   */
  public static HostFacts probe() throws IOException {
    CgroupLayout cgroups =
        CgroupMounts.parse(
            ProcFile.read("/proc/self/mountinfo"),
            ProcFile.read("/proc/self/cgroup"),
            HostProbe::availableControllers);
    Map<String, String> status = status();
    Host.Uname uname = Host.uname();
    return new HostFacts(
        Architecture.of(uname.machine()),
        uname.release(),
        cgroups,
        !ProcFile.read("/proc/self/uid_map").strip().replaceAll(" +", " ").equals(WHOLE_ID_RANGE),
        Integer.parseInt(ProcFile.read("/proc/sys/kernel/cap_last_cap").strip()),
        Long.parseUnsignedLong(status.get("CapPrm"), 16),
        Long.parseUnsignedLong(status.get("CapBnd"), 16),
        hardLimits(),
        features(cgroups),
        Cpusets.ofHost(
            read("/sys/devices/system/cpu/online").orElse("0"),
            read("/sys/devices/system/node/online").orElse("0")),
        read("/sys/module/apparmor/parameters/enabled").equals(Optional.of("Y")),
        read("/sys/fs/selinux/enforce").isPresent());
  }

  private static Set<Feature> features(CgroupLayout cgroups) throws IOException {
    Set<Feature> features = EnumSet.noneOf(Feature.class);
    for (Feature feature : Feature.values()) {
      if (has(feature, cgroups)) {
        features.add(feature);
      }
    }
    return features;
  }

  private static boolean has(Feature feature, CgroupLayout cgroups) throws IOException {
    return switch (feature) {
      case CLONE_INTO_CGROUP -> cgroups.unified().isPresent() && KernelProbe.hasClone3();
      case TIME_NAMESPACE -> hasNamespace("time");
      case CGROUP_NAMESPACE -> hasNamespace("cgroup");
      case USER_NAMESPACE ->
          hasNamespace("user")
              && !read("/proc/sys/user/max_user_namespaces").equals(Optional.of("0"));
      case IDMAP_MOUNTS -> KernelProbe.hasIdMappedMounts();
      case DETACHED_OVERLAY -> hasDetachedOverlay();
      case PIDFD_GETFD -> KernelProbe.hasPidfdGetfd();
      case SECCOMP_FILTER -> KernelProbe.hasSeccompAction(KernelProbe.SECCOMP_ERRNO);
      case SECCOMP_NOTIFY -> KernelProbe.hasSeccompAction(KernelProbe.SECCOMP_NOTIFY);
      case SECCOMP_WAIT_KILLABLE -> KernelProbe.hasSeccompWaitKillable();
      case RESCTRL -> Files.exists(Path.of("/sys/fs/resctrl/schemata"));
    };
  }

  private static boolean hasDetachedOverlay() {
    try {
      OverlayMethod.probe();
      return true;
    } catch (KernelException e) {
      // ENODEV: no overlay; EPERM: not ours to mount; ENOSYS: hidden by a filter.
      return false;
    }
  }

  private static boolean hasNamespace(String name) {
    return Files.exists(Path.of("/proc/self/ns", name));
  }

  private static Map<String, Long> hardLimits() throws KernelException {
    Map<String, Long> limits = new HashMap<>();
    for (int i = 0; i < LIMITS.size(); i++) {
      limits.put(LIMITS.get(i), CurrentProcess.limit(i).hard());
    }
    return limits;
  }

  private static Map<String, String> status() throws KernelException {
    Map<String, String> fields = new HashMap<>();
    for (String line : ProcFile.read("/proc/self/status").lines().toList()) {
      int colon = line.indexOf(':');
      fields.put(line.substring(0, colon), line.substring(colon + 1).strip());
    }
    return fields;
  }

  /** Files of a cgroup that go with it when it is given to a user (cgroups(7), delegation). */
  public static Optional<List<String>> delegatedFiles() {
    return read("/sys/kernel/cgroup/delegate").map(text -> text.lines().toList());
  }

  /** The controllers of the version 2 hierarchy that is mounted there. */
  static List<String> availableControllers(String mountPoint) {
    return read(mountPoint + "/cgroup.controllers")
        .filter(text -> !text.isEmpty())
        .map(text -> List.of(text.split(" ", -1)))
        .orElse(List.of());
  }

  /** A file that need not exist. */
  private static Optional<String> read(String path) {
    try {
      return Optional.of(ProcFile.read(path).strip());
    } catch (KernelException e) {
      if (e.is(Errno.ENOENT) || e.is(Errno.EACCES) || e.is(Errno.EINVAL)) {
        return Optional.empty();
      }
      throw new UncheckedIOException(e);
    }
  }
}
