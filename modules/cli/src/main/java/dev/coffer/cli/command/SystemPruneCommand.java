package dev.coffer.cli.command;

import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.option.CommandModel;
import dev.coffer.cli.option.Option;
import dev.coffer.cli.request.EngineRequest;
import dev.coffer.engine.Engine;
import dev.coffer.engine.command.ContainerCommand.PruneContainers;
import dev.coffer.engine.command.ImageCommand.PruneImages;
import dev.coffer.engine.command.NetworkCommand.PruneNetworks;
import dev.coffer.engine.model.PruneFilter;
import dev.coffer.engine.model.Pruned;
import dev.coffer.engine.model.PrunedImages;

/** {@code coffer system prune}. */
final class SystemPruneCommand implements CliCommand {

  private static final CommandModel MODEL =
      CommandModel.of(
          "system prune",
          "",
          "Remove unused data",
          0,
          0,
          PruneFlags.ALL,
          PruneFlags.FILTER,
          PruneFlags.FORCE,
          Option.unsupported("volumes", false, "volumes go with their containers, by rm -v"));

  @Override
  public CommandModel model() {
    return MODEL;
  }

  @Override
  public int run(EngineRequest request, Arguments arguments, Engine engine) {
    boolean all = arguments.get(PruneFlags.ALL);
    PruneFilter filter = PruneFlags.filter(request, arguments);
    String warning =
        """
        This will remove:
          - all stopped containers
          - all networks not used by at least one container
          - all %s
        """
            .formatted(
                all
                    ? "images without at least one container associated to them"
                    : "dangling images");
    if (!PruneFlags.agreed(request, arguments, warning)) {
      return 0;
    }
    Pruned containers = request.console().await(() -> engine.execute(new PruneContainers(filter)));
    ContainerPruneCommand.tell(request, containers);
    NetworkPruneCommand.tell(
        request, request.console().await(() -> engine.execute(new PruneNetworks(filter))));
    PrunedImages images =
        request.console().await(() -> engine.execute(new PruneImages(all, filter)));
    ImagePruneCommand.tell(request, images);
    PruneFlags.tellReclaimed(request, containers.bytes() + images.bytes());
    return 0;
  }
}
