package dev.coffer.cli.command;

import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.option.CommandModel;
import dev.coffer.cli.request.EngineRequest;
import dev.coffer.engine.Engine;
import dev.coffer.engine.command.ContainerCommand.Wait;
import dev.coffer.engine.command.ContainerCommand.WaitCondition;

/** {@code coffer wait}. */
final class WaitCommand implements CliCommand {

  private static final CommandModel MODEL =
      CommandModel.of(
              "wait",
              "CONTAINER [CONTAINER...]",
              "Block until one or more containers stop, then print their exit codes",
              1,
              CommandModel.MANY)
          .withAliases("coffer container wait", "coffer wait");

  @Override
  public CommandModel model() {
    return MODEL;
  }

  @Override
  public int run(EngineRequest request, Arguments arguments, Engine engine) {
    return Each.run(
        request,
        arguments.positionals(),
        container -> {
          Wait wait = new Wait(container, WaitCondition.NOT_RUNNING);
          int code = request.console().await(() -> engine.execute(wait));
          request.line(Integer.toString(code));
        });
  }
}
