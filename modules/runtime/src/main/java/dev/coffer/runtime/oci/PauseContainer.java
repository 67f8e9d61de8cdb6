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
  public static void pause(OciHost host, OciCaller caller, String id) throws IOException {
    StateDirectory directory = caller.states().get(id);
    boolean ignored = directory.change(() -> pause(host, caller, directory));
  }

  private static boolean pause(OciHost host, OciCaller caller, StateDirectory directory)
      throws IOException {
    String what = "cannot pause container \"" + directory.id() + "\": ";
    switch (ContainerState.status(host, caller, directory, directory.record())) {
      case CREATED, RUNNING -> {}
      case PAUSED -> throw new OciException(what + "it is paused already");
      case CREATING -> throw new OciException(what + "it is being created");
      case STOPPED -> throw new OciException(what + "container not running");
    }
    ContainerRecord record = directory.record().orElseThrow();
    ContainerGroup.require(record, what);
    host.group(caller, record).freeze(ContainerGroup.PATIENCE);
    return true;
  }
}
