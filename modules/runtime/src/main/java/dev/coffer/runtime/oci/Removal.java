package dev.coffer.runtime.oci;

import dev.coffer.kernel.Fd;
import dev.coffer.kernel.Pidfd;
import dev.coffer.kernel.Poll;
import dev.coffer.runtime.cgroup.Cgroup;
import dev.coffer.runtime.file.FileLock;
import dev.coffer.runtime.process.Signals;
import dev.coffer.spec.runtime.ContainerStatus;
import dev.coffer.spec.runtime.Hook;
import dev.coffer.spec.runtime.Hooks;
import dev.coffer.spec.runtime.Spec;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Takes away all that there is of a container, whatever state it is in. */
final class Removal {
  private final OciCaller caller;
  private final StateDirectory directory;
  private final ContainerRecord record;

  private Removal(OciCaller caller, StateDirectory directory, ContainerRecord record) {
    this.caller = caller;
    this.directory = directory;
    this.record = record;
  }

  static Removal of(OciCaller caller, StateDirectory directory, ContainerRecord record) {
    return new Removal(caller, directory, record);
  }

  /** Ends what runs, removes cgroup and directory, then runs the poststop hooks. */
  void remove(Spec spec) throws IOException {
    Cgroup cgroup = cgroup();
    boolean wasAlive = killInit(cgroup);
    remove(cgroup, spec, !wasAlive && hasEnded(spec));
  }

  /** The same where the first process has ended. */
  void removeEnded(Spec spec) throws IOException {
    remove(cgroup(), spec, hasEnded(spec));
  }

  /**
   * Takes back a container that could not be made.
   *
   * @param failure why; it also gets what fails here
   */
  void takeBack(Spec spec, Exception failure) {
    try {
      remove(spec);
    } catch (IOException | RuntimeException e) {
      failure.addSuppressed(e);
      caller
          .warning()
          .accept("cannot take back container \"" + record.id() + "\": " + e.getMessage());
    }
  }

  /** Whether nothing of it runs: its first process has taken a pid namespace with it. */
  private boolean hasEnded(Spec spec) {
    return record.pid() != 0 && Namespaces.ownsPids(spec);
  }

  private Cgroup cgroup() {
    return ContainerGroup.of(caller, record);
  }

  private void remove(Cgroup cgroup, Spec spec, boolean hasEnded) throws IOException {
    if (!isOthers()) {
      record.scope().ifPresent(unit -> stop(unit, cgroup));
      remove(cgroup, hasEnded);
    }
    Optional<ResourceClass> resourceClass = ResourceClass.of(spec, record.id());
    if (resourceClass.isPresent()) {
      resourceClass.get().remove();
    }
    if (record.rootMount().isPresent()) {
      removeMounted(record.rootMount().get());
    } else {
      directory.remove();
    }
    List<Hook> hooks = spec.hooks().map(Hooks::poststop).orElse(List.of());
    HookRun.of(caller, record, spec).runAll(hooks, "poststop", ContainerStatus.STOPPED, 0);
  }

  /** One at a time: each has to see which containers still have theirs on the same directory. */
  private void removeMounted(RootMount mount) throws IOException {
    try (FileLock _ = caller.states().lock()) {
      List<RootMount> others = caller.states().rootMounts(record.id());
      try {
        mount.remove(record.rootfs(), others);
      } catch (IOException e) {
        if (mount.isHere()) {
          throw e;
        }
        caller
            .warning()
            .accept(
                "container \"%s\": its root may stay mounted on \"%s\" in another mount namespace: %s"
                    .formatted(record.id(), record.rootfs(), e.getMessage()));
      }
      directory.remove();
    }
  }

  private void remove(Cgroup cgroup, boolean hasEnded) throws IOException {
    if (cgroup.removeIfEmpty()) {
      return;
    }
    if (hasEnded && !cgroup.processes().isEmpty()) {
      // It was free when another container of the same path was made.
      caller
          .warning()
          .accept(
              "container \"%s\": its cgroup \"%s\" is in use by others, and stays"
                  .formatted(record.id(), cgroup.path()));
      return;
    }
    cgroup.killAll(ContainerGroup.PATIENCE);
    cgroup.remove(ContainerGroup.PATIENCE);
  }

  private boolean isOthers() {
    try {
      return record.scope().isPresent()
          && ContainerScope.isOthers(caller, record.scope().get(), record);
    } catch (IOException e) {
      // Whoever cannot be asked cannot have given it away.
      return false;
    }
  }

  /** Kills what is left before systemd would ask it to end, and wait for that. */
  private void stop(String unit, Cgroup cgroup) {
    try {
      cgroup.killAll(ContainerGroup.PATIENCE);
      ContainerScope.stop(caller, unit);
    } catch (IOException e) {
      // The cgroup is removed in any case, and systemd forgets a scope that is empty.
      caller.warning().accept(e.getMessage());
    }
  }

  /**
   * A container need not have a cgroup that holds its first process.
   *
   * @return whether that was alive
   */
  private boolean killInit(Cgroup cgroup) throws IOException {
    Optional<Fd> init = Liveness.open(record);
    if (init.isEmpty()) {
      return false;
    }
    try (Fd pidfd = init.get()) {
      Pidfd.signal(pidfd, Signals.KILL);
      // What is frozen dies only when this thaws it.
      cgroup.killAll(ContainerGroup.PATIENCE);
      if (!Poll.readable(pidfd, ContainerGroup.PATIENCE)) {
        throw new IOException("process " + record.pid() + " does not end");
      }
      return true;
    }
  }
}
