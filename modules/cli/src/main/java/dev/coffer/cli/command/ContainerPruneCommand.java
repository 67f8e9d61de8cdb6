package dev.coffer.cli.command;

import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.option.CommandModel;
import dev.coffer.cli.request.EngineRequest;
import dev.coffer.engine.Engine;
import dev.coffer.engine.command.ContainerCommand.PruneContainers;
import dev.coffer.engine.model.Pruned;

/** {@code coffer container prune}. */
final class ContainerPruneCommand implements CliCommand {

  private static final CommandModel MODEL =
      CommandModel.of(
              "container prune",
              "",
              "Remove all stopped containers",
              0,
              0,
              PruneFlags.FILTER,
              PruneFlags.FORCE)
          .withExample(
              "Those that were made more than a day ago",
              "coffer container prune -f --filter until=24h");

  @Override
  public CommandModel model() {
    return MODEL;
  }

  @Override
  public int run(EngineRequest request, Arguments arguments, Engine engine) {
    PruneContainers command = new PruneContainers(PruneFlags.filter(request, arguments));
    if (PruneFlags.agreed(request, arguments, "This will remove all stopped containers.")) {
      Pruned pruned = request.console().await(() -> engine.execute(command));
      tell(request, pruned);
      PruneFlags.tellReclaimed(request, pruned.bytes());
    }
    return 0;
  }

  static void tell(EngineRequest request, Pruned pruned) {
    if (!pruned.removed().isEmpty()) {
      request.line("Deleted Containers:");
      pruned.removed().forEach(request::line);
      request.line("");
    }
  }
}
