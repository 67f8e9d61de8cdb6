package dev.coffer.cli.command;

import dev.coffer.cli.format.ImageListing;
import dev.coffer.cli.format.ImageRow;
import dev.coffer.cli.format.TreeText;
import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.option.CommandModel;
import dev.coffer.cli.option.Option;
import dev.coffer.cli.option.Type;
import dev.coffer.cli.request.EngineRequest;
import dev.coffer.cli.value.Timestamps;
import dev.coffer.engine.Engine;
import dev.coffer.engine.command.ImageCommand.ListImages;
import dev.coffer.engine.command.ImageCommand.ListTrees;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code coffer images}. */
final class ImagesCommand implements CliCommand {

  private static final Option<Boolean> ALL =
      Option.of("all", 'a', Type.toggle(), "Show all images (default hides intermediate images)");
  private static final Option<Boolean> DIGESTS =
      Option.of("digests", Type.toggle(), "Show digests");
  private static final Option<Map<String, List<String>>> FILTER = Filters.option();
  private static final Option<Boolean> QUIET =
      Option.of("quiet", 'q', Type.toggle(), "Only show image IDs");

  private static final Option<Boolean> TREE =
      Option.of("tree", Type.toggle(), "List the platforms of each name as a tree");

  private static final CommandModel MODEL =
      CommandModel.of(
              "images",
              "[REPOSITORY[:TAG]]",
              "List images",
              0,
              1,
              ALL,
              DIGESTS,
              FILTER,
              CommonOptions.FORMAT,
              CommonOptions.NO_TRUNC,
              QUIET,
              TREE)
          .withAliases("coffer image ls", "coffer image list", "coffer images");

  @Override
  public CommandModel model() {
    return MODEL;
  }

  @Override
  public int run(EngineRequest request, Arguments arguments, Engine engine) {
    Map<String, List<String>> filters = filters(request, arguments);
    String format = arguments.get(CommonOptions.FORMAT).orElse("");
    if (arguments.get(TREE)) {
      refuseBesideTree(arguments, format);
      request.console().out(TreeText.of(engine.execute(new ListTrees(filters))));
      return 0;
    }
    boolean digests = arguments.get(DIGESTS);
    List<ImageRow> rows =
        ImageRow.of(
            engine.execute(new ListImages(filters)),
            digests || format.contains("Digest") || format.strip().equals("json"));
    boolean table = format.isEmpty() || format.strip().equals("table");
    boolean truncates = !arguments.get(CommonOptions.NO_TRUNC);
    request
        .console()
        .out(
            new ImageListing(request.clock(), request.zone(), truncates)
                .listing()
                .render(
                    arguments.get(QUIET) && table ? "{{.ID}}" : format,
                    ImageListing.defaultColumns(digests),
                    rows));
    return 0;
  }

  private static Map<String, List<String>> filters(EngineRequest request, Arguments arguments) {
    Map<String, List<String>> filters = new LinkedHashMap<>(arguments.get(FILTER));
    if (!arguments.positionals().isEmpty()) {
      List<String> references = new ArrayList<>(filters.getOrDefault("reference", List.of()));
      references.add(arguments.first());
      filters.put("reference", references);
    }
    filters.computeIfPresent(
        "until",
        (_, times) ->
            times.stream()
                .map(
                    time ->
                        Timestamps.parse(time, request.clock().instant(), request.zone())
                            .toString())
                .toList());
    return filters;
  }

  private static void refuseBesideTree(Arguments arguments, String format) {
    if (arguments.get(QUIET)
        || arguments.get(DIGESTS)
        || arguments.get(CommonOptions.NO_TRUNC)
        || !format.isEmpty()) {
      throw new IllegalArgumentException(
          "--tree is for people: leave out --quiet, --digests, --no-trunc and --format");
    }
  }
}
