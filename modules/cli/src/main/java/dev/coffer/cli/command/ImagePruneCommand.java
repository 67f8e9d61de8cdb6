package dev.coffer.cli.command;

import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.option.CommandModel;
import dev.coffer.cli.request.EngineRequest;
import dev.coffer.engine.Engine;
import dev.coffer.engine.command.ImageCommand.PruneImages;
import dev.coffer.engine.model.ImageDeletion;
import dev.coffer.engine.model.PrunedImages;

/** {@code coffer image prune}. */
final class ImagePruneCommand implements CliCommand {

  private static final CommandModel MODEL =
      CommandModel.of(
          "image prune",
          "",
          "Remove unused images",
          0,
          0,
          PruneFlags.ALL,
          PruneFlags.FILTER,
          PruneFlags.FORCE);

  @Override
  public CommandModel model() {
    return MODEL;
  }

  @Override
  public int run(EngineRequest request, Arguments arguments, Engine engine) {
    boolean all = arguments.get(PruneFlags.ALL);
    PruneImages command = new PruneImages(all, PruneFlags.filter(request, arguments));
    String warning =
        all
            ? "This will remove all images without at least one container associated to them."
            : "This will remove all dangling images.";
    if (PruneFlags.agreed(request, arguments, warning)) {
      PrunedImages pruned = request.console().await(() -> engine.execute(command));
      tell(request, pruned);
      PruneFlags.tellReclaimed(request, pruned.bytes());
    }
    return 0;
  }

  static void tell(EngineRequest request, PrunedImages pruned) {
    if (pruned.deletions().isEmpty()) {
      return;
    }
    request.line("Deleted Images:");
    for (ImageDeletion deletion : pruned.deletions()) {
      request.line(
          switch (deletion) {
            case ImageDeletion.Untagged untagged -> "untagged: " + untagged.reference();
            case ImageDeletion.Deleted deleted -> "deleted: " + deleted.id();
          });
    }
    request.line("");
  }
}
