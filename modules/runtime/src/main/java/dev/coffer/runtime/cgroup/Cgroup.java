package dev.coffer.runtime.cgroup;

import dev.coffer.kernel.KernelException;
import dev.coffer.plan.CgroupLayout;
import dev.coffer.plan.CgroupLayout.Hierarchy;
import dev.coffer.plan.compile.CgroupSettings;
import dev.coffer.runtime.time.Backoff;
import dev.coffer.spec.json.JsonObject;
import dev.coffer.spec.runtime.Resources;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * One container's cgroup: the directories of one path in all hierarchies.
 *
 * <p>It may be there in some and not in others; where it is not, there is nothing to do. See
 * Documentation/admin-guide/cgroup-v1 and cgroup-v2.rst.
 */
public final class Cgroup {
  private static final int SIGKILL = 9;
  private static final String V1_STATE = "freezer.state";
  private static final String THAWED = "THAWED";

  private final String path;
  private final CgroupLayout layout;

  Cgroup(String path, CgroupLayout layout) {
    this.path = path;
    this.layout = layout;
  }

  /** The path below each mount point, or, without a slash at its start, the engine's own cgroup. */
  public String path() {
    return path;
  }

  /**
   * The file in which the kernel counts the processes that it killed for want of memory; whether it
   * is there yet or not. Empty where the host has no memory controller.
   */
  public Optional<Path> oomFile() {
    return layout
        .of("memory")
        .map(
            hierarchy ->
                directory(hierarchy)
                    .path()
                    .resolve(hierarchy.version() == 2 ? "memory.events" : "memory.oom_control"));
  }

  /**
   * Makes it everywhere, with those above it. A cpuset of version 1 is born empty, and no process
   * can be put below it until it has been given what its parent has
   * (Documentation/admin-guide/cgroup-v1/cpusets.rst); plans that start at the same moment would
   * see it before that. What is there already is left as it is.
   */
  public void create() throws IOException {
    for (Hierarchy hierarchy : layout.hierarchies()) {
      CgroupDirectory directory = new CgroupDirectory(hierarchy.mountPoint());
      for (Path name : Path.of(hierarchy.mountPoint()).relativize(directory(hierarchy).path())) {
        CgroupDirectory child = directory.makeChild(name.toString());
        if (hierarchy.version() == 1) {
          child.inheritCpus(directory);
        }
        directory = child;
      }
    }
  }

  /** Whether it is there in any hierarchy. */
  public boolean exists() {
    for (Hierarchy hierarchy : layout.hierarchies()) {
      if (directory(hierarchy).exists()) {
        return true;
      }
    }
    return false;
  }

  /** The processes in it and below it, by ascending pid. */
  public Set<Integer> processes() throws IOException {
    Set<Integer> pids = new TreeSet<>();
    for (CgroupDirectory directory : directories()) {
      pids.addAll(directory.processes());
    }
    return pids;
  }

  /**
   * Kills every process, frozen ones too, however fast it forks, and waits until all are gone.
   *
   * @throws IOException where some are left when the patience is over
   */
  public void killAll(Duration patience) throws IOException {
    Backoff backoff = new Backoff(patience);
    Set<Integer> left = killOnce();
    while (!left.isEmpty()) {
      if (!backoff.again()) {
        throw new IOException("cannot kill cgroup \"" + path + "\": processes " + left + " stay");
      }
      left = killOnce();
    }
  }

  private Set<Integer> killOnce() throws IOException {
    // The whole tree at once, by the kernel (Linux 5.14).
    Optional<CgroupDirectory> unified = unified();
    if (unified.isPresent()) {
      unified.get().write("cgroup.kill", "1");
    }
    Optional<CgroupDirectory> freezer = freezer();
    if (!processes().isEmpty() && freezer.isPresent()) {
      // Frozen, nothing forks away from the list.
      freezer.get().write(V1_STATE, "FROZEN");
      signal(SIGKILL);
      freezer.get().writeAll(V1_STATE, THAWED);
    } else {
      signal(SIGKILL);
    }
    return processes();
  }

  private void signal(int signal) throws IOException {
    ListedProcesses.signal(this::processes, signal);
  }

  /**
   * Sends a signal to all processes. Where that can be done they are stopped meanwhile, so that
   * none is born that gets none; those that were stopped before stay so.
   *
   * @param patience how long the kernel may take to stop them
   */
  public void signalAll(int signal, Duration patience) throws IOException {
    boolean stopped = !isFrozen() && couldFreeze(patience);
    try {
      signal(signal);
    } finally {
      if (stopped) {
        thaw();
      }
    }
  }

  private boolean couldFreeze(Duration patience) {
    try {
      freeze(patience);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Stops all processes where they are.
   *
   * @throws IOException where the kernel has not stopped all when the patience is over; those that
   *     it did go on then
   */
  public void freeze(Duration patience) throws IOException {
    setFrozen(true);
    Backoff backoff = new Backoff(patience);
    while (!isFrozen()) {
      if (!backoff.again()) {
        setFrozen(false);
        throw new IOException("cannot freeze cgroup \"" + path + "\": it takes too long");
      }
      // A FREEZING hierarchy of version 1 looks at its tasks again when it is told again.
      setFrozen(true);
    }
  }

  /** Lets all go on. */
  public void thaw() throws IOException {
    setFrozen(false);
  }

  /**
   * Lets all go on that are to end, also what is frozen by itself further down: in version 1
   * nothing that is frozen ends (Documentation/admin-guide/cgroup-v1/freezer-subsystem.rst), and
   * whoever has frozen it may be among those that end.
   */
  public void thawAll() throws IOException {
    Optional<CgroupDirectory> freezer = freezer();
    if (freezer.isPresent()) {
      freezer.get().writeAll(V1_STATE, THAWED);
    } else {
      thaw();
    }
  }

  /** Whether all are stopped. */
  public boolean isFrozen() throws IOException {
    try (Freezers freezers = Freezers.of(layout)) {
      return freezers.isFrozen(path, layout.ownPaths());
    }
  }

  /** The directory by which all of it is stopped at once, where there is one. */
  public Optional<Path> freezerDirectory() {
    return freezer().or(this::unified).map(CgroupDirectory::path);
  }

  private void setFrozen(boolean frozen) throws IOException {
    Optional<CgroupDirectory> freezer = freezer();
    Optional<CgroupDirectory> unified = unified();
    boolean done =
        freezer.isPresent()
            ? freezer.get().write(V1_STATE, frozen ? "FROZEN" : THAWED)
            : unified.isPresent() && unified.get().write("cgroup.freeze", frozen ? "1" : "0");
    if (!done && frozen) {
      throw new IOException("cannot freeze cgroup \"" + path + "\": no freezer holds it");
    }
  }

  /**
   * Gives a running container other limits; what the resources do not name stays as it is.
   *
   * @throws IOException naming the limit that the kernel refused; others may be in force by then
   */
  public void update(Resources resources) throws IOException {
    writeAll(complete(resources));
  }

  /**
   * The resources with what belongs to what they name, as it is now.
   *
   * @throws IOException where a memory limit is to be checked first, and is below what is in use
   */
  public Resources complete(Resources resources) throws IOException {
    return new CurrentLimits(this::readFile, layout).complete(resources);
  }

  private void writeAll(Resources whole) throws IOException {
    CgroupUpdate update =
        new CgroupUpdate(path, controller -> layout.of(controller).map(this::directory));
    update.write(CgroupSettings.of(whole, layout));
    for (Map.Entry<String, String> file : whole.unified().entrySet()) {
      writeUnified(file.getKey(), file.getValue());
    }
  }

  private void writeUnified(String file, String content) throws IOException {
    String what = "cannot set \"%s\" of cgroup \"%s\": ".formatted(file, path);
    if (file.contains("/")) {
      throw new IOException(what + "that is no file name");
    }
    try {
      Optional<CgroupDirectory> unified = unified();
      for (String line : CgroupSettings.lines(content)) {
        if (unified.isEmpty() || !unified.get().write(file, line)) {
          throw new IOException(what + "version 2 has no such file here");
        }
      }
    } catch (KernelException e) {
      throw new IOException(what + KernelException.describe(e.number()), e);
    }
  }

  /** A file of a controller; empty where it is not there. */
  private Optional<String> readFile(String controller, String file) {
    Optional<CgroupDirectory> found = layout.of(controller).map(this::directory);
    try {
      return found.isPresent() ? found.get().read(file) : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All that the kernel counts for it, in the form of runc's {@code events}. */
  public JsonObject usage() {
    return new UsageReport(this::readFile, layout).toJson();
  }

  /**
   * Watches for processes that the kernel kills for want of memory; empty where no controller of
   * memory holds it.
   */
  public Optional<OomWatch> watchOom() throws IOException {
    Optional<Hierarchy> memory = layout.of("memory");
    if (memory.isEmpty() || !directory(memory.get()).exists()) {
      return Optional.empty();
    }
    Path directory = directory(memory.get()).path();
    return Optional.of(
        memory.get().version() == 2 ? OomWatch.version2(directory) : OomWatch.version1(directory));
  }

  /** What it uses, as far as the host's controllers tell. */
  public CgroupStatistics statistics() throws IOException {
    return new StatisticsReader(
            controller -> layout.of(controller).map(this::directory),
            controller -> layout.of(controller).map(Hierarchy::version).orElse(0) == 2)
        .read();
  }

  /**
   * Removes it everywhere, with those below it.
   *
   * @throws IOException where a process is left in it when the patience is over
   */
  public void remove(Duration patience) throws IOException {
    Backoff backoff = new Backoff(patience);
    for (CgroupDirectory directory : directories()) {
      // A process that has just ended still counts for a moment.
      while (!directory.remove()) {
        if (!backoff.again()) {
          throw new IOException(
              "cannot remove cgroup \"%s\": processes %s are in it"
                  .formatted(directory.path(), directory.processes()));
        }
      }
    }
  }

  /**
   * Removes it everywhere unless a process is in it, without waiting.
   *
   * @return whether nothing of it is left
   */
  public boolean removeIfEmpty() throws IOException {
    boolean gone = true;
    for (CgroupDirectory directory : directories()) {
      gone &= directory.remove();
    }
    return gone;
  }

  private Optional<CgroupDirectory> unified() {
    return layout.unified().map(this::directory).filter(CgroupDirectory::exists);
  }

  private Optional<CgroupDirectory> freezer() {
    return layout
        .of("freezer")
        .filter(hierarchy -> hierarchy.version() == 1)
        .map(this::directory)
        .filter(CgroupDirectory::exists);
  }

  private List<CgroupDirectory> directories() {
    return layout.hierarchies().stream().map(this::directory).toList();
  }

  private CgroupDirectory directory(Hierarchy hierarchy) {
    return new CgroupDirectory(hierarchy.mountPoint() + hierarchy.resolve(path));
  }
}
