package dev.coffer.runtime.oci;

import dev.coffer.plan.wire.StatusPage;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Optional;

/** {@code delete}: takes away what a container has left. */
public final class DeleteContainer {
  private DeleteContainer() {}

  /**
   * Deletes a container that has stopped or was never started.
   *
   * @param force whatever state it is in; one that does not exist is fine then
   * @throws OciException where it does not exist, or runs
   */
  public static void delete(OciCaller caller, String id, boolean force) throws IOException {
    Optional<StateDirectory> found = caller.states().find(id);
    if (found.isEmpty()) {
      if (force) {
        caller.states().finishRemoval(id);
        return;
      }
      throw new OciException("cannot delete \"" + id + "\": container does not exist");
    }
    StateDirectory directory = found.get();
    if (force && directory.isBusy()) {
      // Else this would wait for a verb that waits for the container.
      Optional<ContainerRecord> record = directory.record();
      if (record.isPresent()) {
        KillContainer.killAll(caller, record.get());
      }
    }
    try {
      boolean ignored = directory.change(() -> delete(caller, directory, force));
    } catch (OciException e) {
      if (!force || Files.isDirectory(directory.path())) {
        throw e;
      }
    }
  }

  /**
   * Deletes a container that the caller has waited for. Whoever deletes it at the same time may be
   * the first.
   */
  static void deleteEnded(OciCaller caller, Created created) throws IOException {
    StateDirectory directory = created.directory();
    boolean done =
        directory.changeUnlessBusy(
            created.opened(),
            () -> {
              Removal.of(caller, directory, created.record()).removeEnded(created.spec());
              return true;
            });
    if (!done) {
      delete(caller, directory.id(), true);
    }
  }

  private static boolean delete(OciCaller caller, StateDirectory directory, boolean force)
      throws IOException {
    Optional<ContainerRecord> record = directory.record();
    if (record.isEmpty()) {
      directory.remove();
      return true;
    }
    if (!force) {
      requireEnded(caller, directory, record.get());
    }
    // Nobody waited for what came after start, so nobody was told.
    directory
        .report()
        .flatMap(StatusPage::failure)
        .ifPresent(
            failure ->
                caller
                    .warning()
                    .accept(
                        "container \"%s\" had not started: %s"
                            .formatted(
                                record.get().id(),
                                StartPhase.describe(record.get().start(), failure))));
    Removal.of(caller, directory, record.get()).remove(directory.config());
    return true;
  }

  private static void requireEnded(
      OciCaller caller, StateDirectory directory, ContainerRecord record) throws IOException {
    switch (ContainerState.status(caller, directory, Optional.of(record))) {
      case STOPPED, CREATED, CREATING -> {}
      case RUNNING, PAUSED ->
          throw new OciException(
              "cannot delete container \"%s\": it is %s (stop it first, or use --force)"
                  .formatted(
                      record.id(),
                      ContainerState.status(caller, directory, Optional.of(record)).spelling()));
    }
  }
}
