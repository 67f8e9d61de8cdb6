package dev.coffer.runtime.oci;

import dev.coffer.plan.CgroupLayout;
import dev.coffer.runtime.cgroup.Cgroup;
import dev.coffer.runtime.cgroup.Cgroups;
import java.io.IOException;
import java.time.Duration;

/** A container's cgroup, found again by whoever has its record. */
final class ContainerGroup {
  /** How long the kernel may take to end or to stop all processes. */
  static final Duration PATIENCE = Duration.ofSeconds(10);

  private ContainerGroup() {}

  /** The cgroup of a container, where its caller has it mounted. */
  static Cgroup of(OciCaller caller, ContainerRecord record) {
    return of(record, caller.facts().cgroups());
  }

  static Cgroup of(ContainerRecord record, CgroupLayout layout) {
    return new Cgroups(layout(record, layout)).of(record.cgroup());
  }

  /** The host's layout, in which the hierarchies that a container has no cgroup in are closed. */
  static CgroupLayout layout(ContainerRecord record, CgroupLayout layout) {
    return layout.below(record.cgroupBase());
  }

  /**
   * For what only a cgroup can do.
   *
   * @param what the beginning of a refusal
   */
  static void require(ContainerRecord record, String what) {
    if (!record.hasCgroup()) {
      throw new OciException(
          what + "it has no cgroup (its user may make none; have one delegated before create)");
    }
  }

  /** Lets go on what is frozen. */
  static void thaw(Cgroup cgroup) throws IOException {
    if (cgroup.exists() && cgroup.isFrozen()) {
      cgroup.thaw();
    }
  }

  /**
   * Whether a cgroup may become a new container's.
   *
   * @throws OciException where it is frozen, in which nothing could start, or another's
   */
  static void requireFree(Cgroup cgroup) throws IOException {
    if (!cgroup.exists()) {
      return;
    }
    if (cgroup.isFrozen()) {
      throw new OciException(
          "cannot use cgroup \""
              + cgroup.path()
              + "\": container's cgroup unexpectedly frozen (thaw it, or use another)");
    }
    int processes = cgroup.processes().size();
    if (processes > 0) {
      throw new OciException(
          "cannot use cgroup \"%s\": container's cgroup is not empty: %d process%s in it (use another)"
              .formatted(cgroup.path(), processes, processes == 1 ? "" : "es"));
    }
  }
}
