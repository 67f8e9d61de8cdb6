package dev.coffer.runtime.oci;

import java.io.IOException;
import java.util.List;

/** {@code run}: create, start, and in the foreground wait and delete. */
public final class RunContainer {
  private RunContainer() {}

  /**
   * Runs a container.
   *
   * @param detach return as soon as it runs
   * @param keep leave its state when it has ended
   * @return the exit code: the container's in the foreground, else 0
   */
  public static int run(
      OciHost host, OciCaller caller, CreateOptions options, boolean detach, boolean keep)
      throws IOException {
    if (detach) {
      ContainerRecord ignored = Creation.create(host, caller, options, true);
      return 0;
    }
    try (Created created = Creation.inForeground(host, caller, options)) {
      int code = caller.runner().awaitEnd(keep ? List.of() : errand(caller, options.id()));
      if (!keep) {
        DeleteContainer.deleteEnded(caller, created);
      }
      return code;
    }
  }

  static List<String> errand(OciCaller caller, String id) {
    return List.of("coffer-oci", "--root", caller.root().toString(), "delete", "--force", id);
  }
}
