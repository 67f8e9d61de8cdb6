package dev.coffer.runtime.oci;

import java.io.IOException;

/** {@code restore}: makes a container of what {@code checkpoint} has saved. */
public final class RestoreContainer {
  private RestoreContainer() {}

  /**
   * Restores a container; in the foreground waits for its end and deletes it.
   *
   * @return the exit code: the container's in the foreground, else 0
   * @throws OciException where it cannot be restored: nothing is left of it then
   */
  public static int restore(OciHost host, OciCaller caller, RestoreOptions options)
      throws IOException {
    try (Created created = Restoring.restore(host, caller, options)) {
      if (options.detach()) {
        return 0;
      }
      int code = caller.runner().awaitEnd(RunContainer.errand(caller, options.id()));
      DeleteContainer.deleteEnded(caller, created);
      return code;
    }
  }
}
