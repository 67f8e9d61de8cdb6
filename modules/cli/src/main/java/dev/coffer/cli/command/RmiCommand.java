package dev.coffer.cli.command;

import dev.coffer.cli.format.FailureText;
import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.option.CommandModel;
import dev.coffer.cli.option.Option;
import dev.coffer.cli.option.Type;
import dev.coffer.cli.request.EngineRequest;
import dev.coffer.engine.Engine;
import dev.coffer.engine.EngineException;
import dev.coffer.engine.command.ImageCommand.RemoveImage;
import dev.coffer.engine.model.ImageDeletion;

/** {@code coffer rmi}. */
final class RmiCommand implements CliCommand {

  private static final Option<Boolean> FORCE =
      Option.of("force", 'f', Type.toggle(), "Force removal of the image");
  private static final Option<Boolean> NO_PRUNE =
      Option.of("no-prune", Type.toggle(), "Do not delete untagged parents");

  private static final CommandModel MODEL =
      CommandModel.of(
              "rmi",
              "IMAGE [IMAGE...]",
              "Remove one or more images",
              1,
              CommandModel.MANY,
              FORCE,
              NO_PRUNE)
          .withAliases("coffer image rm", "coffer image remove", "coffer rmi");

  @Override
  public CommandModel model() {
    return MODEL;
  }

  @Override
  public int run(EngineRequest request, Arguments arguments, Engine engine) {
    boolean force = arguments.get(FORCE);
    boolean prune = !arguments.get(NO_PRUNE);
    return Each.run(
        request,
        arguments.positionals(),
        image ->
            remove(
                request,
                engine,
                new RemoveImage(LocalName.of(request, engine, image), force, prune)));
  }

  private static void remove(EngineRequest request, Engine engine, RemoveImage command) {
    try {
      for (ImageDeletion deletion : engine.execute(command)) {
        request.line(
            switch (deletion) {
              case ImageDeletion.Untagged untagged -> "Untagged: " + untagged.reference();
              case ImageDeletion.Deleted deleted -> "Deleted: " + deleted.id();
            });
      }
    } catch (EngineException e) {
      if (!command.force() || e.kind() != EngineException.Kind.NOT_FOUND) {
        throw e;
      }
      request.console().err("coffer: " + FailureText.of(e) + "\n");
    }
  }
}
