package dev.coffer.cli.command;

import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.option.CommandModel;
import dev.coffer.cli.request.EngineRequest;
import dev.coffer.engine.Engine;
import dev.coffer.engine.command.ContainerCommand.Stop;

/** {@code coffer stop}. */
final class StopCommand implements CliCommand {

  private static final CommandModel MODEL =
      CommandModel.of(
              "stop",
              "CONTAINER [CONTAINER...]",
              "Stop one or more running containers",
              1,
              CommandModel.MANY,
              StopOptions.SIGNAL,
              StopOptions.TIMEOUT,
              StopOptions.TIME)
          .withAliases("coffer container stop", "coffer stop");

  @Override
  public CommandModel model() {
    return MODEL;
  }

  @Override
  public int run(EngineRequest request, Arguments arguments, Engine engine) {
    return Each.runAndName(
        request,
        arguments.positionals(),
        container ->
            engine.execute(
                new Stop(
                    container, arguments.get(StopOptions.SIGNAL), StopOptions.timeout(arguments))));
  }
}
