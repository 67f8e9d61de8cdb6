package dev.coffer.runtime.oci;

import java.io.IOException;

/** {@code pause}: stops all processes of a container where they are. */
public final class PauseContainer {
  private PauseContainer() {}

  /**
   * Pauses a container, created or running.
   *
   * @throws OciException where it is in another state
   */
  public static void pause(OciCaller caller, String id) throws IOException {
    StateDirectory directory = caller.states().get(id);
    boolean ignored = directory.change(() -> pause(caller, directory));
  }

  private static boolean pause(OciCaller caller, StateDirectory directory) throws IOException {
    String what = "cannot pause container \"" + directory.id() + "\": ";
    switch (ContainerState.status(caller, directory, directory.record())) {
      case CREATED, RUNNING -> {}
      case PAUSED -> throw new OciException(what + "it is paused already");
      case CREATING -> throw new OciException(what + "it is being created");
      case STOPPED -> throw new OciException(what + "container not running");
    }
    ContainerRecord record = directory.record().orElseThrow();
    ContainerGroup.require(record, what);
    ContainerGroup.of(caller, record).freeze(ContainerGroup.PATIENCE);
    return true;
  }
}
