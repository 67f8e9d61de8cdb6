package dev.coffer.cli.oci;

import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.option.CommandModel;
import dev.coffer.runtime.oci.CreateContainer;
import java.io.IOException;

/** {@code coffer-oci create}. */
final class OciCreate implements OciCommand {
  private static final CommandModel MODEL =
      CommandModel.of(
          "oci create",
          "CONTAINER-ID",
          "Create a container, which then waits for start",
          1,
          1,
          CreationOptions.BUNDLE,
          CreationOptions.CONSOLE_SOCKET,
          CreationOptions.PID_FILE,
          CreationOptions.PIDFD_SOCKET,
          CreationOptions.NO_PIVOT,
          CreationOptions.NO_NEW_KEYRING,
          CreationOptions.PRESERVE_FDS);

  @Override
  public CommandModel model() {
    return MODEL;
  }

  @Override
  public int run(OciRequest request, Arguments arguments) throws IOException {
    CreateContainer.create(
        request.host(), request.caller(), CreationOptions.of(request, arguments));
    return 0;
  }
}
