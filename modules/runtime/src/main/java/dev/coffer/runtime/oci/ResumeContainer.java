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
  public static void resume(OciHost host, OciCaller caller, String id) throws IOException {
    StateDirectory directory = caller.states().get(id);
    boolean ignored = directory.change(() -> resume(host, caller, directory));
  }

  private static boolean resume(OciHost host, OciCaller caller, StateDirectory directory)
      throws IOException {
    Optional<ContainerRecord> record = directory.record();
    if (ContainerState.status(host, caller, directory, record) != ContainerStatus.PAUSED) {
      throw new OciException(
          "cannot resume container \"" + directory.id() + "\": container not paused");
    }
    host.group(caller, record.orElseThrow()).thaw();
    return true;
  }
}
