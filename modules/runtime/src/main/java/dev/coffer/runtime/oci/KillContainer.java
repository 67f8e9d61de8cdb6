package dev.coffer.runtime.oci;

import dev.coffer.kernel.Fd;
import dev.coffer.kernel.Pidfd;
import dev.coffer.runtime.cgroup.ListedProcesses;
import dev.coffer.runtime.process.Signals;
import dev.coffer.runtime.time.Backoff;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** {@code kill}: a signal for a container. */
public final class KillContainer {
  private static final Duration BEING_WRITTEN = Duration.ofSeconds(1);

  private static final Duration BEING_STOPPED = Duration.ofSeconds(1);

  private KillContainer() {}

  /**
   * Sends a signal to the first process, or to all: also where one kills a container whose first
   * process would take no others with it.
   *
   * @param signal 0 only asks whether it runs
   * @throws OciException where the container does not run
   */
  public static void kill(OciHost host, OciCaller caller, String id, int signal, boolean all)
      throws IOException {
    StateDirectory directory = caller.states().get(id);
    Optional<ContainerRecord> record = begun(directory);
    Optional<Fd> init = record.isPresent() ? Liveness.open(record.get()) : Optional.empty();
    boolean left =
        signal == Signals.KILL
            && record.isPresent()
            && outlivesInit(host, caller, directory, record.get());
    boolean everybody = all || left;
    if (everybody && record.isPresent()) {
      signalAll(caller, record.get(), signal);
    }
    if (init.isEmpty() && !everybody) {
      throw new OciException("cannot kill container \"" + id + "\": container not running");
    }
    if (init.isPresent()) {
      try (Fd pidfd = init.get()) {
        if (!everybody) {
          Pidfd.signal(pidfd, signal);
        }
      }
    }
    if (signal == Signals.KILL && (init.isPresent() || left)) {
      // What is frozen in version 1 dies only when it thaws.
      ContainerGroup.of(caller, record.orElseThrow()).thawAll();
    }
  }

  /** Whether there is what the first process would not take with it: it is no pid namespace's. */
  private static boolean outlivesInit(
      OciHost host, OciCaller caller, StateDirectory directory, ContainerRecord record)
      throws IOException {
    return record.hasCgroup()
        && !Namespaces.ownsPids(directory.config(host.savedConfigs()).spec())
        && !ContainerGroup.of(caller, record).processes().isEmpty();
  }

  private static void signalAll(OciCaller caller, ContainerRecord record, int signal)
      throws IOException {
    if (record.hasCgroup()) {
      ContainerGroup.of(caller, record).signalAll(signal, BEING_STOPPED);
    } else {
      ListedProcesses.signal(
          () -> ContainerProcesses.of(record, caller, caller.facts().cgroups()), signal);
    }
  }

  /**
   * The record of a container. Its program may run already, and be about to be written down; what
   * is still to be started is not waited for long, since a hook of it may be who asks.
   */
  private static Optional<ContainerRecord> begun(StateDirectory directory) throws IOException {
    Backoff backoff = new Backoff(BEING_WRITTEN);
    Optional<ContainerRecord> record = directory.record();
    boolean busy = true;
    while (busy && record.filter(ContainerRecord::hasProcess).isEmpty()) {
      // Read again in any case: it may have been written just before the lock was let go.
      busy = directory.isBusy() && backoff.again();
      record = directory.record();
    }
    return record;
  }

  /** Ends every process, for a container that must not go on. */
  static void killAll(OciCaller caller, ContainerRecord record) throws IOException {
    Optional<Fd> init = Liveness.open(record);
    if (init.isPresent()) {
      try (Fd pidfd = init.get()) {
        Pidfd.signal(pidfd, Signals.KILL);
      }
    }
    ContainerGroup.of(caller, record).killAll(ContainerGroup.PATIENCE);
  }
}
