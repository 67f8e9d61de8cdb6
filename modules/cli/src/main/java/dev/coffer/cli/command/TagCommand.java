package dev.coffer.cli.command;

import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.option.CommandModel;
import dev.coffer.cli.request.EngineRequest;
import dev.coffer.engine.Engine;
import dev.coffer.engine.command.ImageCommand.Tag;

/** {@code coffer tag}. */
final class TagCommand implements CliCommand {

  private static final CommandModel MODEL =
      CommandModel.of(
              "tag",
              "SOURCE_IMAGE[:TAG] TARGET_IMAGE[:TAG]",
              "Create a tag TARGET_IMAGE that refers to SOURCE_IMAGE",
              2,
              2)
          .withAliases("coffer image tag", "coffer tag");

  @Override
  public CommandModel model() {
    return MODEL;
  }

  @Override
  public int run(EngineRequest request, Arguments arguments, Engine engine) {
    engine.execute(
        new Tag(
            LocalName.of(request, engine, arguments.first()), arguments.positionals().getLast()));
    return 0;
  }
}
