package dev.coffer.cli.oci;

import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.option.CommandModel;
import dev.coffer.runtime.oci.ContainerState;
import dev.coffer.spec.json.Json;
import java.io.IOException;

/** {@code coffer-oci state}. */
final class OciState implements OciCommand {
  private static final CommandModel MODEL =
      CommandModel.of("oci state", "CONTAINER-ID", "Print a container's state as JSON", 1, 1);
  private static final int INDENT = 2;

  @Override
  public CommandModel model() {
    return MODEL;
  }

  @Override
  public int run(OciRequest request, Arguments arguments) throws IOException {
    String id = arguments.positionals().getFirst();
    ContainerState state = ContainerState.of(request.host(), request.caller(), id);
    request.out(Json.write(state.toJson(), INDENT) + "\n");
    return 0;
  }
}
