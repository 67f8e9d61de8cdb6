package dev.coffer.cli.oci;

import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.option.CommandModel;
import dev.coffer.cli.option.Option;
import dev.coffer.cli.option.Type;
import dev.coffer.runtime.oci.DeleteContainer;
import java.io.IOException;

/** {@code coffer-oci delete}. */
final class OciDelete implements OciCommand {
  private static final Option<Boolean> FORCE =
      Option.of("force", 'f', Type.toggle(), "Kill it first if it runs; no error if there is none");
  private static final CommandModel MODEL =
      CommandModel.of(
          "oci delete", "CONTAINER-ID", "Take away what a container has left", 1, 1, FORCE);

  @Override
  public CommandModel model() {
    return MODEL;
  }

  @Override
  public int run(OciRequest request, Arguments arguments) throws IOException {
    DeleteContainer.delete(
        request.caller(), arguments.positionals().getFirst(), arguments.get(FORCE));
    return 0;
  }
}
