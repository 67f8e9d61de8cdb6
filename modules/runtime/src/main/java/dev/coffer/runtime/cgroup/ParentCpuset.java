package dev.coffer.runtime.cgroup;

import dev.coffer.kernel.ProcFile;
import dev.coffer.plan.CgroupLayout;
import dev.coffer.plan.CgroupLayout.Hierarchy;
import dev.coffer.plan.Cpusets;
import dev.coffer.plan.HostFacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;

/** What the cpuset of version 1 has in which a cgroup is to be made, or which is that cgroup. */
public final class ParentCpuset {
  private static final String CPUS = "cpuset.cpus";
  private static final String MEMORY_NODES = "cpuset.mems";

  private final Path root;
  private final Path nearest;
  private final SequencedMap<String, String> unfilled = new LinkedHashMap<>();

  private ParentCpuset(Path root, Path nearest) {
    this.root = root;
    this.nearest = nearest;
  }

  /**
   * The host's facts for a cgroup of that path.
   *
   * @param path from the root of the hierarchy, or from the caller's own cgroup
   */
  public static HostFacts read(HostFacts facts, String path) throws IOException {
    Optional<Hierarchy> hierarchy =
        facts.cgroups().of("cpuset").filter(each -> each.version() == 1);
    return hierarchy.isPresent() ? read(facts, hierarchy.get(), path) : facts;
  }

  private static HostFacts read(HostFacts facts, CgroupLayout.Hierarchy hierarchy, String path)
      throws IOException {
    Path root = Path.of(hierarchy.mountPoint());
    String whole = hierarchy.resolve(path);
    Path directory = Path.of(root + "/" + whole).normalize();
    if (!directory.startsWith(root) || directory.equals(root)) {
      // The plan says what is wrong with it.
      return facts;
    }
    Cpusets there = new ParentCpuset(root, directory).read(facts.cpusets());
    // Facts that are mostly the same object are compared in no time.
    return isHosts(there, facts.cpusets()) ? facts : facts.withCpusets(there);
  }

  private static boolean isHosts(Cpusets there, Cpusets host) {
    return there.cpus().equals(host.cpus())
        && there.memoryNodes().equals(host.memoryNodes())
        && there.unfilled().equals(host.unfilled());
  }

  private Cpusets read(Cpusets host) throws IOException {
    Path there = nearest;
    while (!Files.isDirectory(there)) {
      there = there.getParent();
    }
    String cpus = value(there, CPUS, host.cpus());
    String memoryNodes = value(there, MEMORY_NODES, host.memoryNodes());
    return new Cpusets(cpus, memoryNodes, unfilled);
  }

  /** That of the nearest cgroup that has any; those below it are to have it as well. */
  private String value(Path cgroup, String file, String host) throws IOException {
    String path = cgroup.resolve(file).toString();
    String value = ProcFile.readRecord(path).strip();
    if (!value.isEmpty()) {
      return value;
    }
    if (cgroup.equals(root)) {
      return host;
    }
    String inherited = value(cgroup.getParent(), file, host);
    unfilled.put(path, inherited);
    return inherited;
  }
}
