package dev.coffer.cli.oci;

import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.option.CommandModel;
import dev.coffer.cli.option.Option;
import dev.coffer.cli.option.Type;
import dev.coffer.runtime.oci.SpecTemplate;
import java.io.IOException;

/** {@code coffer-oci spec}. */
final class OciSpec implements OciCommand {
  private static final Option<Boolean> ROOTLESS =
      Option.of("rootless", Type.toggle(), "For a user who is not root");
  private static final CommandModel MODEL =
      CommandModel.of(
          "oci spec",
          "",
          "Write a config.json to start from",
          0,
          0,
          CreationOptions.BUNDLE,
          ROOTLESS);

  @Override
  public CommandModel model() {
    return MODEL;
  }

  @Override
  public int run(OciRequest request, Arguments arguments) throws IOException {
    SpecTemplate.write(
        request.resolve(arguments.get(CreationOptions.BUNDLE).orElse("")),
        arguments.get(ROOTLESS),
        request.caller().facts().cgroups().mode());
    return 0;
  }
}
