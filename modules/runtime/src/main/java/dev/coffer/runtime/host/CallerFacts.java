package dev.coffer.runtime.host;

import dev.coffer.kernel.ProcFile;
import dev.coffer.plan.CgroupLayout;
import dev.coffer.plan.HostFacts;
import dev.coffer.runtime.cache.Recent;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The facts of a host as they hold for a process other than this one: its capabilities, its limits,
 * its cgroups. Safe for many threads.
 */
public final class CallerFacts {
  /** The words of {@code /proc/PID/limits} (proc_pid_limits(5)) for each limit. */
  private static final Map<String, String> LIMITS =
      Map.ofEntries(
          Map.entry("Max cpu time", "RLIMIT_CPU"),
          Map.entry("Max file size", "RLIMIT_FSIZE"),
          Map.entry("Max data size", "RLIMIT_DATA"),
          Map.entry("Max stack size", "RLIMIT_STACK"),
          Map.entry("Max core file size", "RLIMIT_CORE"),
          Map.entry("Max resident set", "RLIMIT_RSS"),
          Map.entry("Max processes", "RLIMIT_NPROC"),
          Map.entry("Max open files", "RLIMIT_NOFILE"),
          Map.entry("Max locked memory", "RLIMIT_MEMLOCK"),
          Map.entry("Max address space", "RLIMIT_AS"),
          Map.entry("Max file locks", "RLIMIT_LOCKS"),
          Map.entry("Max pending signals", "RLIMIT_SIGPENDING"),
          Map.entry("Max msgqueue size", "RLIMIT_MSGQUEUE"),
          Map.entry("Max nice priority", "RLIMIT_NICE"),
          Map.entry("Max realtime priority", "RLIMIT_RTPRIO"),
          Map.entry("Max realtime timeout", "RLIMIT_RTTIME"));

  /** Where the columns of that file begin: name, soft limit, hard limit, units. */
  private static final int HARD_FROM = 47;

  private static final int MOST = 16;

  /** A host of thousands of mounts has a table of a megabyte. */
  private static final long HEAVIEST = 4 << 20;

  private static final int HARD_TO = 68;
  private static final int NAME_TO = 26;

  private final HostFacts host;
  private final MountTable mounts;
  private final Recent<Texts, HostFacts> known =
      new Recent<>(MOST, HEAVIEST, (texts, _) -> texts.size());

  /**
   * For one host.
   *
   * @param facts as this process sees it
   * @param mounts as this process sees them
   */
  public CallerFacts(HostFacts facts, MountTable mounts) {
    host = facts;
    this.mounts = mounts;
  }

  /**
   * All that the kernel says of a process which tells its facts. Its own {@code equals}: making the
   * general one for a record takes an engine's first command milliseconds.
   */
  private record Texts(
      long permitted, long bounding, String limits, String mounts, String cgroups) {
    int size() {
      return limits.length() + mounts.length() + cgroups.length();
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Texts texts
          && permitted == texts.permitted
          && bounding == texts.bounding
          && limits.equals(texts.limits)
          && mounts.equals(texts.mounts)
          && cgroups.equals(texts.cgroups);
    }

    @Override
    public int hashCode() {
      return 31 * mounts.hashCode() + cgroups.hashCode();
    }
  }

  /**
   * The same host for another process.
   *
   * @param sameMounts whether it sees the mounts that this process sees
   * @throws IOException where the process has gone
   */
  public HostFacts of(int pid, boolean sameMounts) throws IOException {
    String directory = "/proc/" + pid + "/";
    String status = ProcFile.readRecord(directory + "status");
    return known.get(
        new Texts(
            capabilities(status, "CapPrm:"),
            capabilities(status, "CapBnd:"),
            ProcFile.readRecord(directory + "limits"),
            sameMounts ? mounts.text() : ProcFile.read(directory + "mountinfo"),
            ProcFile.readRecord(directory + "cgroup")),
        this::of);
  }

  private HostFacts of(Texts texts) {
    Map<String, Long> limits = new HashMap<>(host.hardLimits());
    limits.putAll(hardLimits(texts.limits()));
    CgroupLayout cgroups =
        CgroupMounts.parse(
            texts.mounts(), texts.cgroups(), mountPoint -> controllers(host.cgroups(), mountPoint));
    return host.forProcess(cgroups, texts.permitted(), texts.bounding(), limits);
  }

  private static List<String> controllers(CgroupLayout known, String mountPoint) {
    return known.hierarchies().stream()
        .filter(hierarchy -> hierarchy.mountPoint().equals(mountPoint))
        .findFirst()
        .map(CgroupLayout.Hierarchy::controllers)
        .orElseGet(() -> HostProbe.availableControllers(mountPoint));
  }

  private static long capabilities(String status, String field) throws IOException {
    int at = status.indexOf("\n" + field);
    if (at < 0) {
      throw new IOException("no " + field + " in the status of a process");
    }
    int end = status.indexOf('\n', at + 1);
    return Long.parseUnsignedLong(status.substring(at + 1 + field.length(), end).strip(), 16);
  }

  static Map<String, Long> hardLimits(String text) {
    Map<String, Long> limits = new HashMap<>();
    for (String line : text.lines().skip(1).toList()) {
      String name = LIMITS.get(line.substring(0, Math.min(NAME_TO, line.length())).strip());
      if (name != null) {
        String hard = line.substring(HARD_FROM, Math.min(HARD_TO, line.length())).strip();
        limits.put(name, hard.equals("unlimited") ? -1L : Long.parseUnsignedLong(hard));
      }
    }
    return limits;
  }
}
