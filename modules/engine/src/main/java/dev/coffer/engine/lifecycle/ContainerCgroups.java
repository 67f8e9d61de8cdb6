package dev.coffer.engine.lifecycle;

import dev.coffer.kernel.Errno;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.FileTree;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.OpenFlags;
import dev.coffer.plan.CgroupLayout;
import dev.coffer.plan.CgroupLayout.Hierarchy;
import dev.coffer.runtime.cgroup.Cgroups;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What the engine does with containers' control groups, and how long it has patience. */
public final class ContainerCgroups {

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final String UNIFIED = "0::";

  private static final Pattern CONTAINER_ID = Pattern.compile("[0-9a-f]{64}");

  private final Cgroups cgroups;
  private final CgroupLayout layout;

  /** The control groups of a host. */
  public ContainerCgroups(CgroupLayout layout) {
    this.cgroups = new Cgroups(layout);
    this.layout = layout;
  }

  /** Freezes all processes. */
  public void freeze(String path) throws IOException {
    cgroups.of(path).freeze(PATIENCE);
  }

  /** Lets frozen processes go on. */
  public void thaw(String path) throws IOException {
    cgroups.of(path).thaw();
  }

  /** Whether the processes are frozen. */
  public boolean isFrozen(String path) throws IOException {
    return cgroups.of(path).isFrozen();
  }

  /** Kills all processes and waits for their end. */
  public void kill(String path) throws IOException {
    cgroups.of(path).killAll(PATIENCE);
  }

  /** Removes the groups of a container that has ended. */
  public void remove(String path) throws IOException {
    cgroups.of(path).remove(PATIENCE);
  }

  /** The pids of all processes, ascending. */
  public Set<Integer> processes(String path) throws IOException {
    return cgroups.of(path).processes();
  }

  /**
   * Kills and removes the groups of containers that are not alive.
   *
   * @param parent the engine's own group; other engines have others
   * @param alive ids of containers that run
   */
  public void sweep(String parent, Set<String> alive) throws IOException {
    var ignored =
        cgroups.sweep(
            parent,
            name -> alive.contains(name) || !CONTAINER_ID.matcher(name).matches(),
            PATIENCE);
  }

  /** Makes the engine's own group, before anything starts below it. */
  public void prepare(String parent) throws IOException {
    cgroups.of(parent).create();
  }

  /** Removes the engine's own group if nothing is in it. */
  public void removeIfEmpty(String parent) throws IOException {
    for (Hierarchy hierarchy : layout.hierarchies()) {
      try (Fd mount = FileOpen.path(hierarchy.mountPoint(), OpenFlags.PATH)) {
        FileTree.removeDirectory(mount, parent.substring(1));
      } catch (KernelException e) {
        if (!e.is(Errno.ENOENT) && !e.is(Errno.EBUSY) && !e.is(Errno.ENOTEMPTY)) {
          throw e;
        }
      }
    }
  }

  /** Where the kernel counts a container's out-of-memory kills. */
  public Optional<Path> oomFile(String path) {
    return layout
        .of("memory")
        .map(hierarchy -> Path.of(hierarchy.mountPoint() + path).resolve(oomFileName(hierarchy)));
  }

  /**
   * A process's group in the version 2 hierarchy.
   *
   * @param membership its /proc/PID/cgroup, where that hierarchy is the line {@code 0::PATH}
   */
  static Optional<String> unifiedPath(String membership) {
    return membership
        .lines()
        .filter(line -> line.startsWith(UNIFIED))
        .map(line -> line.substring(UNIFIED.length()))
        .findFirst();
  }

  private static String oomFileName(Hierarchy hierarchy) {
    return hierarchy.version() == 2 ? "memory.events" : "memory.oom_control";
  }
}
