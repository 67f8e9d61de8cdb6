package dev.coffer.cli.oci;

import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.option.CommandModel;
import dev.coffer.runtime.oci.StartContainer;
import java.io.IOException;

/** {@code coffer-oci start}. */
final class OciStart implements OciCommand {
  private static final CommandModel MODEL =
      CommandModel.of("oci start", "CONTAINER-ID", "Start a created container", 1, 1);

  @Override
  public CommandModel model() {
    return MODEL;
  }

  @Override
  public int run(OciRequest request, Arguments arguments) throws IOException {
    StartContainer.start(request.caller(), arguments.positionals().getFirst());
    return 0;
  }
}
