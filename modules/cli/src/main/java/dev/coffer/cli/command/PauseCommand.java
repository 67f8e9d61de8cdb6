package dev.coffer.cli.command;

import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.option.CommandModel;
import dev.coffer.cli.request.EngineRequest;
import dev.coffer.engine.Engine;
import dev.coffer.engine.command.ContainerCommand.Pause;

/** {@code coffer pause}. */
final class PauseCommand implements CliCommand {

  private static final CommandModel MODEL =
      CommandModel.of(
              "pause",
              "CONTAINER [CONTAINER...]",
              "Pause all processes within one or more containers",
              1,
              CommandModel.MANY)
          .withAliases("coffer container pause", "coffer pause");

  @Override
  public CommandModel model() {
    return MODEL;
  }

  @Override
  public int run(EngineRequest request, Arguments arguments, Engine engine) {
    return Each.runAndName(
        request, arguments.positionals(), container -> engine.execute(new Pause(container)));
  }
}
