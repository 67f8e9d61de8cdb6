package dev.coffer.cli.command;

import dev.coffer.cli.format.HistoryListing;
import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.option.CommandModel;
import dev.coffer.cli.option.Option;
import dev.coffer.cli.option.Type;
import dev.coffer.cli.request.EngineRequest;
import dev.coffer.engine.Engine;
import dev.coffer.engine.command.ImageCommand.History;

/** {@code coffer history}. */
final class HistoryCommand implements CliCommand {

  private static final Option<Boolean> HUMAN =
      Option.of("human", 'H', Type.toggle(true), "Print sizes and dates in human readable format");
  private static final Option<Boolean> QUIET =
      Option.of("quiet", 'q', Type.toggle(), "Only show image IDs");

  private static final CommandModel MODEL =
      CommandModel.of(
              "history",
              "IMAGE",
              "Show the history of an image",
              1,
              1,
              CommonOptions.FORMAT,
              HUMAN,
              CommonOptions.NO_TRUNC,
              QUIET)
          .withAliases("coffer image history", "coffer history");

  @Override
  public CommandModel model() {
    return MODEL;
  }

  @Override
  public int run(EngineRequest request, Arguments arguments, Engine engine) {
    boolean truncates = !arguments.get(CommonOptions.NO_TRUNC);
    String format = arguments.get(CommonOptions.FORMAT).orElse("");
    boolean table = format.isEmpty() || format.strip().equals("table");
    request
        .console()
        .out(
            new HistoryListing(request.clock(), request.zone(), truncates, arguments.get(HUMAN))
                .listing()
                .render(
                    arguments.get(QUIET) && table ? "{{.ID}}" : format,
                    HistoryListing.COLUMNS,
                    engine.execute(new History(LocalName.of(request, engine, arguments.first())))));
    return 0;
  }
}
