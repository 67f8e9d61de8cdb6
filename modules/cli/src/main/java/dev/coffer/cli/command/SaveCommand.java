package dev.coffer.cli.command;

import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.option.CommandModel;
import dev.coffer.cli.option.Option;
import dev.coffer.cli.option.Type;
import dev.coffer.cli.request.EngineRequest;
import dev.coffer.engine.Engine;
import dev.coffer.engine.command.ImageCommand.Save;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** {@code coffer save}. */
final class SaveCommand implements CliCommand {

  private static final Option<Optional<String>> PLATFORM =
      Option.of("platform", Type.text(), "Save only the given platform (e.g. \"linux/amd64\")");

  private static final CommandModel MODEL =
      CommandModel.of(
              "save",
              "IMAGE [IMAGE...]",
              "Save one or more images to a tar archive (streamed to STDOUT by default)",
              1,
              CommandModel.MANY,
              ArchiveTarget.OUTPUT,
              PLATFORM)
          .withAliases("coffer image save", "coffer save");

  @Override
  public CommandModel model() {
    return MODEL;
  }

  @Override
  public int run(EngineRequest request, Arguments arguments, Engine engine) throws IOException {
    List<String> images =
        arguments.positionals().stream()
            .map(image -> LocalName.of(request, engine, image))
            .toList();
    Optional<String> platform = arguments.get(PLATFORM);
    ArchiveTarget.write(
        request,
        arguments.get(ArchiveTarget.OUTPUT),
        "save",
        out -> engine.execute(new Save(images, platform, out)));
    return 0;
  }
}
