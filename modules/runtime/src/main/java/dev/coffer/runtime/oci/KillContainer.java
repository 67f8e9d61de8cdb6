package dev.coffer.runtime.oci;

import dev.coffer.kernel.Fd;
import dev.coffer.kernel.Pidfd;
import dev.coffer.runtime.cgroup.Cgroup;
import dev.coffer.runtime.cgroup.ListedProcesses;
import dev.coffer.runtime.process.Signals;
import java.io.IOException;
import java.util.Optional;

/** {@code kill}: a signal for a container. */
public final class KillContainer {
  private KillContainer() {}

  /**
   * Sends a signal to the first process, or to all.
   *
   * @throws OciException where the container does not run
   */
  public static void kill(OciHost host, OciCaller caller, String id, int signal, boolean all)
      throws IOException {
    StateDirectory directory = caller.states().get(id);
    Optional<ContainerRecord> record = directory.record();
    Optional<Fd> init = record.isPresent() ? Liveness.open(record.get()) : Optional.empty();
    if (all && record.isPresent()) {
      ListedProcesses.signal(
          () -> ContainerProcesses.of(record.get(), caller, host.facts().cgroups()), signal);
    }
    if (init.isEmpty()) {
      if (all) {
        return;
      }
      throw new OciException("cannot kill container \"" + id + "\": container not running");
    }
    try (Fd pidfd = init.get()) {
      if (!all) {
        Pidfd.signal(pidfd, signal);
      }
      if (signal == Signals.KILL) {
        // What is frozen in version 1 dies only when it thaws.
        thaw(ContainerGroup.of(record.orElseThrow(), host.facts().cgroups()));
      }
    }
  }

  /** Ends every process, for a container that must not go on. */
  static void killAll(OciHost host, ContainerRecord record) throws IOException {
    Optional<Fd> init = Liveness.open(record);
    if (init.isPresent()) {
      try (Fd pidfd = init.get()) {
        Pidfd.signal(pidfd, Signals.KILL);
      }
    }
    ContainerGroup.of(record, host.facts().cgroups()).killAll(ContainerGroup.PATIENCE);
  }

  private static void thaw(Cgroup cgroup) throws IOException {
    if (cgroup.exists() && cgroup.isFrozen()) {
      cgroup.thaw();
    }
  }
}
