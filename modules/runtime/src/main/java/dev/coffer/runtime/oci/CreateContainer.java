package dev.coffer.runtime.oci;

import java.io.IOException;

/** {@code create}: a container that waits for {@code start}. */
public final class CreateContainer {
  private CreateContainer() {}

  /** Creates it; what fails leaves nothing behind. */
  public static void create(OciHost host, OciCaller caller, CreateOptions options)
      throws IOException {
    ContainerRecord ignored = Creation.create(host, caller, options, false);
  }
}
