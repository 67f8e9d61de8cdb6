package dev.coffer.cli.command;

import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.option.CommandModel;
import dev.coffer.cli.request.EngineRequest;
import dev.coffer.engine.Engine;
import dev.coffer.engine.command.ContainerCommand.Export;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;

/** {@code coffer export}. */
final class ExportCommand implements CliCommand {

  private static final CommandModel MODEL =
      CommandModel.of(
              "export",
              "CONTAINER",
              "Export a container's filesystem as a tar archive",
              1,
              1,
              ArchiveTarget.OUTPUT,
              TimestampOption.TIMESTAMP)
          .withAliases("coffer container export", "coffer export");

  @Override
  public CommandModel model() {
    return MODEL;
  }

  @Override
  public int run(EngineRequest request, Arguments arguments, Engine engine) throws IOException {
    String container = arguments.first();
    Optional<Instant> latest = TimestampOption.of(request, arguments);
    ArchiveTarget.write(
        request,
        arguments.get(ArchiveTarget.OUTPUT),
        "export",
        out -> engine.execute(new Export(container, out, latest)));
    return 0;
  }
}
