package dev.coffer.cli.command;

import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.option.CommandModel;
import dev.coffer.cli.option.Option;
import dev.coffer.cli.option.Type;
import dev.coffer.cli.request.EngineRequest;
import dev.coffer.engine.Engine;
import dev.coffer.engine.command.NetworkCommand.Disconnect;

/** {@code coffer network disconnect}. */
final class NetworkDisconnectCommand implements CliCommand {

  private static final Option<Boolean> FORCE =
      Option.of("force", 'f', Type.toggle(), "Force the container to disconnect from a network");

  private static final CommandModel MODEL =
      CommandModel.of(
          "network disconnect",
          "NETWORK CONTAINER",
          "Disconnect a container from a network",
          2,
          2,
          FORCE);

  @Override
  public CommandModel model() {
    return MODEL;
  }

  @Override
  public int run(EngineRequest request, Arguments arguments, Engine engine) {
    engine.execute(
        new Disconnect(arguments.first(), arguments.positionals().getLast(), arguments.get(FORCE)));
    return 0;
  }
}
