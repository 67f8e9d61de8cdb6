package dev.coffer.runtime.oci;

import dev.coffer.spec.runtime.ContainerStatus;
import java.io.IOException;
import java.util.Optional;

/** {@code resume}: lets a paused container go on. */
public final class ResumeContainer {
  private ResumeContainer() {}

  /**
   * Resumes a container.
   *
   * @throws OciException where it is not paused
   */
  public static void resume(OciCaller caller, String id) throws IOException {
    StateDirectory directory = caller.states().get(id);
    boolean ignored = directory.change(() -> resume(caller, directory));
  }

  private static boolean resume(OciCaller caller, StateDirectory directory) throws IOException {
    Optional<ContainerRecord> record = directory.record();
    if (ContainerState.status(caller, directory, record) != ContainerStatus.PAUSED) {
      throw new OciException(
          "cannot resume container \"" + directory.id() + "\": container not paused");
    }
    ContainerGroup.of(caller, record.orElseThrow()).thaw();
    return true;
  }
}
