package dev.coffer.cli.command;

import dev.coffer.cli.format.ContainerListing;
import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.option.CommandModel;
import dev.coffer.cli.option.Option;
import dev.coffer.cli.option.Type;
import dev.coffer.cli.request.EngineRequest;
import dev.coffer.engine.Engine;
import dev.coffer.engine.command.ContainerCommand.ListContainers;
import dev.coffer.engine.model.ContainerSummary;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code coffer ps}. */
final class PsCommand implements CliCommand {

  private static final Option<Boolean> ALL =
      Option.of("all", 'a', Type.toggle(), "Show all containers (default shows just running)");
  private static final Option<Map<String, List<String>>> FILTER = Filters.option();
  private static final Option<Optional<Integer>> LAST =
      Option.of(
          "last", 'n', Type.integer(), "Show n last created containers (includes all states)");
  private static final Option<Boolean> LATEST =
      Option.of(
          "latest", 'l', Type.toggle(), "Show the latest created container (includes all states)");
  private static final Option<Boolean> QUIET =
      Option.of("quiet", 'q', Type.toggle(), "Only display container IDs");
  private static final Option<Boolean> SIZE =
      Option.of("size", 's', Type.toggle(), "Display total file sizes");

  private static final CommandModel MODEL =
      CommandModel.of(
              "ps",
              "",
              "List containers",
              0,
              0,
              ALL,
              FILTER,
              CommonOptions.FORMAT,
              LAST,
              LATEST,
              CommonOptions.NO_TRUNC,
              QUIET,
              SIZE)
          .withAliases(
              "coffer container ls", "coffer container list", "coffer container ps", "coffer ps")
          .withExample(
              "Names and states of all containers",
              "coffer ps -a --format '{{.Names}}\\t{{.Status}}'");

  @Override
  public CommandModel model() {
    return MODEL;
  }

  @Override
  public int run(EngineRequest request, Arguments arguments, Engine engine) {
    int limit = arguments.get(LATEST) ? 1 : Math.max(0, arguments.get(LAST).orElse(0));
    String format = arguments.get(CommonOptions.FORMAT).orElse("");
    boolean size = arguments.get(SIZE) || format.contains(".Size");
    List<ContainerSummary> containers =
        engine.execute(
            new ListContainers(
                arguments.get(ALL) || limit > 0, arguments.get(FILTER), limit, size));
    boolean truncates = !arguments.get(CommonOptions.NO_TRUNC);
    boolean table = format.isEmpty() || format.strip().equals("table");
    String wanted = arguments.get(QUIET) && table ? "{{.ID}}" : format;
    request
        .console()
        .out(
            new ContainerListing(request.clock(), request.zone(), truncates)
                .listing()
                .render(wanted, ContainerListing.defaultColumns(size), containers));
    return 0;
  }
}
