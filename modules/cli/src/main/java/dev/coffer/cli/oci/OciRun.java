package dev.coffer.cli.oci;

import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.option.CommandModel;
import dev.coffer.cli.option.Option;
import dev.coffer.cli.option.Type;
import dev.coffer.runtime.oci.RunContainer;
import java.io.IOException;

/** {@code coffer-oci run}. */
final class OciRun implements OciCommand {
  private static final Option<Boolean> DETACH =
      Option.of("detach", 'd', Type.toggle(), "Return as soon as the container runs");
  private static final Option<Boolean> KEEP =
      Option.of("keep", Type.toggle(), "Do not delete the container when it has ended");
  private static final Option<Boolean> NO_SUBREAPER =
      Option.of("no-subreaper", Type.toggle(), "Accepted: nothing is ever reaped here");

  private static final CommandModel MODEL =
      CommandModel.of(
          "oci run",
          "CONTAINER-ID",
          "Create and start a container",
          1,
          1,
          CreationOptions.BUNDLE,
          CreationOptions.CONSOLE_SOCKET,
          CreationOptions.PID_FILE,
          CreationOptions.PIDFD_SOCKET,
          CreationOptions.NO_PIVOT,
          CreationOptions.NO_NEW_KEYRING,
          CreationOptions.PRESERVE_FDS,
          DETACH,
          KEEP,
          NO_SUBREAPER);

  @Override
  public CommandModel model() {
    return MODEL;
  }

  @Override
  public int run(OciRequest request, Arguments arguments) throws IOException {
    return RunContainer.run(
        request.host(),
        request.caller(),
        CreationOptions.of(request, arguments),
        arguments.get(DETACH),
        arguments.get(KEEP));
  }
}
