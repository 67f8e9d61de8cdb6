package dev.coffer.cli.command;

import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.option.CommandModel;
import dev.coffer.cli.option.Option;
import dev.coffer.cli.request.EngineRequest;
import dev.coffer.engine.Engine;
import dev.coffer.engine.command.ImageCommand.Save;
import java.io.IOException;
import java.util.List;

/** {@code coffer save}. */
final class SaveCommand implements CliCommand {

  private static final CommandModel MODEL =
      CommandModel.of(
              "save",
              "IMAGE [IMAGE...]",
              "Save one or more images to a tar archive (streamed to STDOUT by default)",
              1,
              CommandModel.MANY,
              ArchiveTarget.OUTPUT,
              Option.unsupported("platform", true, "the image is saved with all it has"))
          .withAliases("coffer image save", "coffer save");

  @Override
  public CommandModel model() {
    return MODEL;
  }

  @Override
  public int run(EngineRequest request, Arguments arguments, Engine engine) throws IOException {
    List<String> images = arguments.positionals();
    ArchiveTarget.write(
        request,
        arguments.get(ArchiveTarget.OUTPUT),
        "save",
        out -> engine.execute(new Save(images, out)));
    return 0;
  }
}
