package dev.coffer.cli.command;

import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.option.CommandModel;
import dev.coffer.cli.request.EngineRequest;
import dev.coffer.engine.Engine;
import dev.coffer.engine.command.ContainerCommand.Create;
import java.io.IOException;
import java.util.List;

/** {@code coffer create}. */
final class CreateCommand implements CliCommand {

  private static final CommandModel MODEL =
      new CommandModel(
          "create",
          List.of("coffer container create", "coffer create"),
          "IMAGE [COMMAND] [ARG...]",
          "Create a new container",
          ContainerOptions.with(),
          1,
          CommandModel.MANY,
          true,
          List.of());

  @Override
  public CommandModel model() {
    return MODEL;
  }

  @Override
  public int run(EngineRequest request, Arguments arguments, Engine engine) throws IOException {
    var wanted = ContainerRequests.of(request, arguments, AttachedStreams.of(arguments));
    request.line(Creation.create(request, arguments, new Create(wanted), engine).id());
    return 0;
  }
}
