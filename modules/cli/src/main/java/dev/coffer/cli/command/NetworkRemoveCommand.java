package dev.coffer.cli.command;

import dev.coffer.cli.format.FailureText;
import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.option.CommandModel;
import dev.coffer.cli.option.Option;
import dev.coffer.cli.option.Type;
import dev.coffer.cli.request.EngineRequest;
import dev.coffer.engine.Engine;
import dev.coffer.engine.EngineException;
import dev.coffer.engine.command.NetworkCommand.RemoveNetwork;

/** {@code coffer network rm}. */
final class NetworkRemoveCommand implements CliCommand {

  private static final Option<Boolean> FORCE =
      Option.of("force", 'f', Type.toggle(), "Do not error if the network does not exist");

  private static final CommandModel MODEL =
      CommandModel.of(
              "network rm",
              "NETWORK [NETWORK...]",
              "Remove one or more networks",
              1,
              CommandModel.MANY,
              FORCE)
          .withAliases("coffer network rm", "coffer network remove");

  @Override
  public CommandModel model() {
    return MODEL;
  }

  @Override
  public int run(EngineRequest request, Arguments arguments, Engine engine) {
    boolean force = arguments.get(FORCE);
    return Each.run(request, arguments.positionals(), name -> remove(request, engine, name, force));
  }

  private static void remove(EngineRequest request, Engine engine, String name, boolean force) {
    try {
      engine.execute(new RemoveNetwork(name));
      request.line(name);
    } catch (EngineException e) {
      if (!force || e.kind() != EngineException.Kind.NOT_FOUND) {
        throw e;
      }
      request.console().err("coffer: " + FailureText.of(e) + "\n");
    }
  }
}
