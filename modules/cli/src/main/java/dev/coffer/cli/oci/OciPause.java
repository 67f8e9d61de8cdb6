package dev.coffer.cli.oci;

import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.option.CommandModel;
import dev.coffer.runtime.oci.PauseContainer;
import java.io.IOException;

/** {@code coffer-oci pause}. */
final class OciPause implements OciCommand {
  private static final CommandModel MODEL =
      CommandModel.of(
          "oci pause", "CONTAINER-ID", "Stop all processes of a container where they are", 1, 1);

  @Override
  public CommandModel model() {
    return MODEL;
  }

  @Override
  public int run(OciRequest request, Arguments arguments) throws IOException {
    PauseContainer.pause(request.caller(), arguments.positionals().getFirst());
    return 0;
  }
}
