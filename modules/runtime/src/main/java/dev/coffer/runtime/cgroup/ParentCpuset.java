package dev.coffer.runtime.cgroup;

import dev.coffer.kernel.ProcFile;
import dev.coffer.plan.CgroupLayout;
import dev.coffer.plan.CgroupLayout.Hierarchy;
import dev.coffer.plan.HostFacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the cpuset of version 1 has in which a new cgroup is to be made. The kernel gives a new one
 * nothing, and lets it have no more than its parent (cpusets(7)): one that somebody has made for
 * containers and never filled has to be filled first.
 */
public final class ParentCpuset {
  private static final String CPUS = "cpuset.cpus";
  private static final String MEMORY_NODES = "cpuset.mems";

  private final Path root;
  private final Path parent;

  private ParentCpuset(Path root, Path parent) {
    this.root = root;
    this.parent = parent;
  }

  /**
   * Facts for a cgroup below that parent; what is empty there, and above, is filled.
   *
   * @param path of the cgroup, from the root of the hierarchy or from the caller's own cgroup
   */
  public static HostFacts prepare(HostFacts facts, String path) throws IOException {
    Optional<Hierarchy> hierarchy =
        facts.cgroups().of("cpuset").filter(each -> each.version() == 1);
    return hierarchy.isPresent() ? prepare(facts, hierarchy.get(), path) : facts;
  }

  private static HostFacts prepare(HostFacts facts, CgroupLayout.Hierarchy hierarchy, String path)
      throws IOException {
    Path root = Path.of(hierarchy.mountPoint());
    String whole = path.startsWith("/") ? path : hierarchy.ownPath() + "/" + path;
    Path directory = Path.of(root + "/" + whole).normalize();
    if (!directory.startsWith(root) || directory.equals(root)) {
      // The plan says what is wrong with it.
      return facts;
    }
    ParentCpuset parent = new ParentCpuset(root, directory.getParent());
    return facts.withCpuset(
        parent.value(CPUS).orElse(facts.onlineCpus()),
        parent.value(MEMORY_NODES).orElse(facts.onlineMemoryNodes()));
  }

  /** That of the nearest ancestor that has any, which those below it then have as well. */
  private Optional<String> value(String file) throws IOException {
    List<Path> empty = new ArrayList<>();
    for (Path at = parent; at.startsWith(root); at = at.getParent()) {
      if (!Files.isDirectory(at)) {
        continue;
      }
      String value = ProcFile.read(at.resolve(file).toString()).strip();
      if (!value.isEmpty()) {
        for (Path each : empty.reversed()) {
          ProcFile.write(each.resolve(file).toString(), value);
        }
        return Optional.of(value);
      }
      empty.add(at);
    }
    return Optional.empty();
  }
}
