package dev.coffer.runtime.cgroup;

import dev.coffer.kernel.Errno;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.OpenFlags;
import dev.coffer.kernel.ProcFile;
import dev.coffer.plan.CgroupLayout;
import dev.coffer.plan.CgroupLayout.Hierarchy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The hierarchies that can stop processes, open for whoever asks about many cgroups. See
 * Documentation/admin-guide/cgroup-v1/freezer-subsystem.rst and cgroup-v2.rst.
 */
public final class Freezers implements AutoCloseable {
  private final List<Freezer> all;

  private Freezers(List<Freezer> all) {
    this.all = all;
  }

  /** Those of a layout; one that is not there, or not to be looked into, holds no cgroup. */
  public static Freezers of(CgroupLayout layout) throws KernelException {
    Freezers freezers = new Freezers(new ArrayList<>());
    try {
      Optional<Hierarchy> version1 = layout.of("freezer").filter(each -> each.version() == 1);
      if (version1.isPresent()) {
        freezers.add(version1.get());
      }
      if (layout.unified().isPresent()) {
        freezers.add(layout.unified().get());
      }
      return freezers;
    } catch (KernelException e) {
      freezers.close();
      throw e;
    }
  }

  private void add(Hierarchy hierarchy) throws KernelException {
    try {
      int flags = OpenFlags.PATH | OpenFlags.DIRECTORY;
      all.add(new Freezer(hierarchy, FileOpen.path(hierarchy.mountPoint(), flags)));
    } catch (KernelException e) {
      if (!e.is(Errno.ENOENT) && !e.is(Errno.ENOTDIR) && !e.is(Errno.EACCES)) {
        throw e;
      }
    }
  }

  /**
   * Whether all processes of a cgroup are stopped. Systemd removes a scope whose last process has
   * ended, at any moment.
   *
   * @param path as in {@code linux.cgroupsPath}
   * @param bases by mount point of the hierarchies that the cgroup is in, what a relative path
   *     starts from
   */
  public boolean isFrozen(String path, Map<String, String> bases) throws KernelException {
    for (Freezer each : all) {
      String base = bases.get(each.hierarchy().mountPoint());
      Optional<Boolean> frozen =
          base == null
              ? Optional.empty()
              : each.isFrozen(each.hierarchy().below(base).resolve(path));
      if (frozen.isPresent()) {
        return frozen.get();
      }
    }
    return false;
  }

  @Override
  public void close() {
    all.forEach(each -> each.mountPoint().close());
  }

  private record Freezer(Hierarchy hierarchy, Fd mountPoint) {
    /** Empty where there is no such cgroup. */
    Optional<Boolean> isFrozen(String cgroup) throws KernelException {
      return hierarchy.version() == 1
          ? read(cgroup, "/freezer.state").map(state -> state.equals("FROZEN"))
          : read(cgroup, "/cgroup.events").map(text -> text.lines().anyMatch("frozen 1"::equals));
    }

    private Optional<String> read(String cgroup, String file) throws KernelException {
      return ProcFile.readRecord(mountPoint, "." + cgroup + file).map(String::stripTrailing);
    }
  }
}
