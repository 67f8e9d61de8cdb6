package dev.coffer.cli.command;

import dev.coffer.cli.format.FailureText;
import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.option.CommandModel;
import dev.coffer.cli.option.Option;
import dev.coffer.cli.option.Type;
import dev.coffer.cli.request.EngineRequest;
import dev.coffer.engine.Engine;
import dev.coffer.engine.EngineException;
import dev.coffer.engine.command.ContainerCommand.Remove;

/** {@code coffer rm}. */
final class RmCommand implements CliCommand {

  private static final Option<Boolean> FORCE =
      Option.of(
          "force", 'f', Type.toggle(), "Force the removal of a running container (uses SIGKILL)");
  private static final Option<Boolean> VOLUMES =
      Option.of(
          "volumes", 'v', Type.toggle(), "Remove anonymous volumes associated with the container");

  private static final CommandModel MODEL =
      CommandModel.of(
              "rm",
              "CONTAINER [CONTAINER...]",
              "Remove one or more containers",
              1,
              CommandModel.MANY,
              FORCE,
              VOLUMES,
              Option.unsupported("link", false, "containers have no links"))
          .withAliases("coffer container rm", "coffer container remove", "coffer rm");

  @Override
  public CommandModel model() {
    return MODEL;
  }

  @Override
  public int run(EngineRequest request, Arguments arguments, Engine engine) {
    boolean force = arguments.get(FORCE);
    boolean volumes = arguments.get(VOLUMES);
    return Each.run(
        request,
        arguments.positionals(),
        container -> remove(request, engine, new Remove(container, force, volumes)));
  }

  private static void remove(EngineRequest request, Engine engine, Remove command) {
    try {
      engine.execute(command);
      request.line(command.container());
    } catch (EngineException e) {
      // As with rm(1): who forces wants it gone, and gone it is.
      if (!command.force() || e.kind() != EngineException.Kind.NOT_FOUND) {
        throw e;
      }
      request.console().err("coffer: " + FailureText.of(e) + "\n");
    }
  }
}
