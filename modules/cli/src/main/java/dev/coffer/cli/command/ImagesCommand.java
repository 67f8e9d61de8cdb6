package dev.coffer.cli.command;

import dev.coffer.cli.format.ImageListing;
import dev.coffer.cli.format.ImageRow;
import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.option.CommandModel;
import dev.coffer.cli.option.Option;
import dev.coffer.cli.option.Type;
import dev.coffer.cli.request.EngineRequest;
import dev.coffer.engine.Engine;
import dev.coffer.engine.command.ImageCommand.ListImages;
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
              QUIET)
          .withAliases("coffer image ls", "coffer image list", "coffer images");

  @Override
  public CommandModel model() {
    return MODEL;
  }

  @Override
  public int run(EngineRequest request, Arguments arguments, Engine engine) {
    Map<String, List<String>> filters = new LinkedHashMap<>(arguments.get(FILTER));
    if (!arguments.positionals().isEmpty()) {
      List<String> references = new ArrayList<>(filters.getOrDefault("reference", List.of()));
      references.add(arguments.first());
      filters.put("reference", references);
    }
    boolean digests = arguments.get(DIGESTS);
    String format = arguments.get(CommonOptions.FORMAT).orElse("");
    List<ImageRow> rows =
        ImageRow.of(
            engine.execute(new ListImages(arguments.get(ALL), digests, filters)),
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
}
