package dev.coffer.cli.command;

import dev.coffer.cli.format.NetworkListing;
import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.option.CommandModel;
import dev.coffer.cli.option.Option;
import dev.coffer.cli.option.Type;
import dev.coffer.cli.request.EngineRequest;
import dev.coffer.engine.Engine;
import dev.coffer.engine.command.NetworkCommand.ListNetworks;
import java.util.List;
import java.util.Map;

/** {@code coffer network ls}. */
final class NetworkListCommand implements CliCommand {

  private static final Option<Map<String, List<String>>> FILTER = Filters.option();
  private static final Option<Boolean> QUIET =
      Option.of("quiet", 'q', Type.toggle(), "Only display network IDs");

  private static final CommandModel MODEL =
      CommandModel.of(
              "network ls",
              "",
              "List networks",
              0,
              0,
              FILTER,
              CommonOptions.FORMAT,
              CommonOptions.NO_TRUNC,
              QUIET)
          .withAliases("coffer network ls", "coffer network list");

  @Override
  public CommandModel model() {
    return MODEL;
  }

  @Override
  public int run(EngineRequest request, Arguments arguments, Engine engine) {
    String format = arguments.get(CommonOptions.FORMAT).orElse("");
    boolean table = format.isEmpty() || format.strip().equals("table");
    request
        .console()
        .out(
            new NetworkListing(request.zone(), !arguments.get(CommonOptions.NO_TRUNC))
                .listing()
                .render(
                    arguments.get(QUIET) && table ? "{{.ID}}" : format,
                    NetworkListing.COLUMNS,
                    engine.execute(new ListNetworks(arguments.get(FILTER)))));
    return 0;
  }
}
