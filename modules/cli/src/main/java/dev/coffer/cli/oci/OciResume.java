package dev.coffer.cli.oci;

import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.option.CommandModel;
import dev.coffer.runtime.oci.ResumeContainer;
import java.io.IOException;

/** {@code coffer-oci resume}. */
final class OciResume implements OciCommand {
  private static final CommandModel MODEL =
      CommandModel.of("oci resume", "CONTAINER-ID", "Let a paused container go on", 1, 1);

  @Override
  public CommandModel model() {
    return MODEL;
  }

  @Override
  public int run(OciRequest request, Arguments arguments) throws IOException {
    ResumeContainer.resume(request.caller(), arguments.positionals().getFirst());
    return 0;
  }
}
