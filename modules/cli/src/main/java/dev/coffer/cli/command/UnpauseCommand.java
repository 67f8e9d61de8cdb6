package dev.coffer.cli.command;

import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.option.CommandModel;
import dev.coffer.cli.request.EngineRequest;
import dev.coffer.engine.Engine;
import dev.coffer.engine.command.ContainerCommand.Unpause;

/** {@code coffer unpause}. */
final class UnpauseCommand implements CliCommand {

  private static final CommandModel MODEL =
      CommandModel.of(
              "unpause",
              "CONTAINER [CONTAINER...]",
              "Unpause all processes within one or more containers",
              1,
              CommandModel.MANY)
          .withAliases("coffer container unpause", "coffer unpause");

  @Override
  public CommandModel model() {
    return MODEL;
  }

  @Override
  public int run(EngineRequest request, Arguments arguments, Engine engine) {
    return Each.runAndName(
        request, arguments.positionals(), container -> engine.execute(new Unpause(container)));
  }
}
