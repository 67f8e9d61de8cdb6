package dev.coffer.cli.command;

import dev.coffer.cli.format.SearchListing;
import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.option.CommandModel;
import dev.coffer.cli.option.Option;
import dev.coffer.cli.option.Type;
import dev.coffer.cli.request.EngineRequest;
import dev.coffer.engine.Engine;
import dev.coffer.engine.command.RegistryCommand.Search;
import dev.coffer.image.registry.client.SearchResult;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** {@code coffer search}. */
final class SearchCommand implements CliCommand {

  private static final int USUAL_LIMIT = 25;
  private static final int HIGHEST_LIMIT = 100;

  private static final Option<Map<String, List<String>>> FILTER = Filters.option();
  private static final Option<Optional<Integer>> LIMIT =
      Option.of("limit", Type.integer(), "Max number of search results (default 25)");

  private static final RegistryFlags FLAGS = new RegistryFlags();

  private static final CommandModel MODEL =
      CommandModel.of(
              "search",
              "TERM",
              "Search a registry for images",
              1,
              1,
              Stream.concat(
                      Stream.of(FILTER, CommonOptions.FORMAT, LIMIT, CommonOptions.NO_TRUNC),
                      FLAGS.options().stream())
                  .toArray(Option<?>[]::new))
          .withExample("At another registry than Docker Hub", "coffer search quay.io/prometheus");

  @Override
  public CommandModel model() {
    return MODEL;
  }

  @Override
  public int run(EngineRequest request, Arguments arguments, Engine engine) {
    int limit = arguments.get(LIMIT).orElse(USUAL_LIMIT);
    if (limit < 1 || limit > HIGHEST_LIMIT) {
      throw new IllegalArgumentException(
          "limit %d is outside the range of [1, %d]".formatted(limit, HIGHEST_LIMIT));
    }
    String given = arguments.first();
    int slash = given.indexOf('/');
    String first = slash < 0 ? "" : given.substring(0, slash);
    boolean named = first.matches(".*[.:].*|localhost");
    Search search =
        new Search(
            named ? first : LoginCommand.DEFAULT_REGISTRY,
            named ? given.substring(slash + 1) : given,
            limit,
            FLAGS.access(request, arguments));
    List<SearchResult> found = request.console().await(() -> engine.execute(search));
    request
        .console()
        .out(
            new SearchListing(!arguments.get(CommonOptions.NO_TRUNC))
                .listing()
                .render(
                    arguments.get(CommonOptions.FORMAT).orElse(""),
                    SearchListing.COLUMNS,
                    filtered(found, arguments.get(FILTER))));
    return 0;
  }

  private static List<SearchResult> filtered(
      List<SearchResult> found, Map<String, List<String>> filters) {
    List<SearchResult> left = found;
    for (Map.Entry<String, List<String>> filter : filters.entrySet()) {
      for (String value : filter.getValue()) {
        left = left.stream().filter(it -> matches(it, filter.getKey(), value)).toList();
      }
    }
    return left;
  }

  private static boolean matches(SearchResult result, String key, String value) {
    return switch (key) {
      case "stars" -> {
        if (!value.matches("[0-9]{1,9}")) {
          throw new IllegalArgumentException("invalid filter 'stars=" + value + "'");
        }
        yield result.stars() >= Long.parseLong(value);
      }
      case "is-official" -> {
        if (!value.equals("true") && !value.equals("false")) {
          throw new IllegalArgumentException("invalid filter 'is-official=" + value + "'");
        }
        yield result.official() == value.equals("true");
      }
      case String other -> throw new IllegalArgumentException("invalid filter '" + other + "'");
    };
  }
}
