package dev.coffer.runtime.oci;

import dev.coffer.kernel.Errno;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.Pidfd;
import dev.coffer.plan.CgroupLayout;
import dev.coffer.runtime.cgroup.Cgroup;
import dev.coffer.runtime.process.Signals;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

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
      signalAll(record.get(), caller, host.facts().cgroups(), signal);
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

  /** Held by descriptors and then seen in the container again, no pid is another's by now. */
  private static void signalAll(
      ContainerRecord record, OciCaller caller, CgroupLayout layout, int signal)
      throws IOException {
    Map<Integer, Fd> held = new HashMap<>();
    try {
      for (int pid : ContainerProcesses.of(record, caller, layout)) {
        open(pid).ifPresent(pidfd -> held.put(pid, pidfd));
      }
      held.keySet().retainAll(closeOthers(held, ContainerProcesses.of(record, caller, layout)));
      for (Fd pidfd : held.values()) {
        signal(pidfd, signal);
      }
    } finally {
      held.values().forEach(Fd::close);
    }
  }

  private static Optional<Fd> open(int pid) throws KernelException {
    try {
      return Optional.of(Pidfd.open(pid));
    } catch (KernelException e) {
      if (e.is(Errno.ESRCH)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static Set<Integer> closeOthers(Map<Integer, Fd> held, Set<Integer> members) {
    held.forEach(
        (pid, pidfd) -> {
          if (!members.contains(pid)) {
            pidfd.close();
          }
        });
    return members;
  }

  private static void signal(Fd pidfd, int signal) throws KernelException {
    try {
      Pidfd.signal(pidfd, signal);
    } catch (KernelException e) {
      if (!e.is(Errno.ESRCH)) {
        throw e;
      }
    }
  }

  private static void thaw(Cgroup cgroup) throws IOException {
    if (cgroup.exists() && cgroup.isFrozen()) {
      cgroup.thaw();
    }
  }
}
