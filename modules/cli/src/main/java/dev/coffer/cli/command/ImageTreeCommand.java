package dev.coffer.cli.command;

import dev.coffer.cli.format.TreeText;
import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.option.CommandModel;
import dev.coffer.cli.option.Option;
import dev.coffer.cli.option.Type;
import dev.coffer.cli.request.EngineRequest;
import dev.coffer.engine.Engine;
import dev.coffer.engine.command.ImageCommand.ShowTree;

/** {@code coffer image tree}. */
final class ImageTreeCommand implements CliCommand {

  private static final Option<Boolean> WHAT_REQUIRES =
      Option.of(
          "whatrequires", Type.toggle(), "Show the layers that other images have on top, too");

  private static final CommandModel MODEL =
      CommandModel.of(
          "image tree",
          "IMAGE",
          "Show the layers of an image, who shares them, and its platforms",
          1,
          1,
          WHAT_REQUIRES);

  @Override
  public CommandModel model() {
    return MODEL;
  }

  @Override
  public int run(EngineRequest request, Arguments arguments, Engine engine) {
    ShowTree command =
        new ShowTree(
            LocalName.of(request, engine, arguments.first()), arguments.get(WHAT_REQUIRES));
    request.console().out(TreeText.of(engine.execute(command)));
    return 0;
  }
}
