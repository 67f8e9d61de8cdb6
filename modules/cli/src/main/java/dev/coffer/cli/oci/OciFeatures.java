package dev.coffer.cli.oci;

import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.option.CommandModel;
import dev.coffer.runtime.oci.RuntimeFeatures;
import dev.coffer.runtime.systemd.Systemd;
import dev.coffer.spec.json.Json;

/** {@code coffer-oci features}. */
final class OciFeatures implements OciCommand {
  private static final CommandModel MODEL =
      CommandModel.of("oci features", "", "Print what a config may ask for on this host", 0, 0);

  @Override
  public CommandModel model() {
    return MODEL;
  }

  @Override
  public int run(OciRequest request, Arguments arguments) {
    request.out(
        Json.writePretty(RuntimeFeatures.of(request.caller().facts(), Systemd.isRunning())) + "\n");
    return 0;
  }
}
