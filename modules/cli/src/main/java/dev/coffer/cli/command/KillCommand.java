package dev.coffer.cli.command;

import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.option.CommandModel;
import dev.coffer.cli.option.Option;
import dev.coffer.cli.option.Type;
import dev.coffer.cli.request.EngineRequest;
import dev.coffer.engine.Engine;
import dev.coffer.engine.command.ContainerCommand.Kill;
import java.util.Optional;

/** {@code coffer kill}. */
final class KillCommand implements CliCommand {

  private static final Option<Optional<String>> SIGNAL =
      Option.of("signal", 's', Type.text(), "Signal to send to the container (default KILL)");

  private static final CommandModel MODEL =
      CommandModel.of(
              "kill",
              "CONTAINER [CONTAINER...]",
              "Kill one or more running containers",
              1,
              CommandModel.MANY,
              SIGNAL)
          .withAliases("coffer container kill", "coffer kill");

  @Override
  public CommandModel model() {
    return MODEL;
  }

  @Override
  public int run(EngineRequest request, Arguments arguments, Engine engine) {
    String signal = arguments.get(SIGNAL).orElse("KILL");
    return Each.runAndName(
        request, arguments.positionals(), container -> engine.execute(new Kill(container, signal)));
  }
}
