package dev.coffer.cli.command;

import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.option.CommandModel;
import dev.coffer.cli.request.EngineRequest;
import dev.coffer.engine.Engine;
import dev.coffer.engine.command.ContainerCommand.Rename;

/** {@code coffer rename}. */
final class RenameCommand implements CliCommand {

  private static final CommandModel MODEL =
      CommandModel.of("rename", "CONTAINER NEW_NAME", "Rename a container", 2, 2)
          .withAliases("coffer container rename", "coffer rename");

  @Override
  public CommandModel model() {
    return MODEL;
  }

  @Override
  public int run(EngineRequest request, Arguments arguments, Engine engine) {
    engine.execute(new Rename(arguments.first(), arguments.positionals().getLast()));
    return 0;
  }
}
