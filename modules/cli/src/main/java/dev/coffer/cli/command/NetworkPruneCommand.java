package dev.coffer.cli.command;

import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.option.CommandModel;
import dev.coffer.cli.request.EngineRequest;
import dev.coffer.engine.Engine;
import dev.coffer.engine.command.NetworkCommand.PruneNetworks;
import java.util.List;

/** {@code coffer network prune}. */
final class NetworkPruneCommand implements CliCommand {

  private static final CommandModel MODEL =
      CommandModel.of(
          "network prune",
          "",
          "Remove all unused networks",
          0,
          0,
          PruneFlags.FILTER,
          PruneFlags.FORCE);

  @Override
  public CommandModel model() {
    return MODEL;
  }

  @Override
  public int run(EngineRequest request, Arguments arguments, Engine engine) {
    PruneNetworks command = new PruneNetworks(PruneFlags.filter(request, arguments));
    if (PruneFlags.agreed(
        request,
        arguments,
        "This will remove all custom networks not used by at least one container.")) {
      tell(request, request.console().await(() -> engine.execute(command)));
    }
    return 0;
  }

  static void tell(EngineRequest request, List<String> removed) {
    if (!removed.isEmpty()) {
      request.line("Deleted Networks:");
      removed.forEach(request::line);
      request.line("");
    }
  }
}
