package dev.coffer.cli.command;

import dev.coffer.cli.format.Units;
import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.option.Option;
import dev.coffer.cli.option.Type;
import dev.coffer.cli.request.EngineRequest;
import dev.coffer.cli.value.Timestamps;
import dev.coffer.engine.model.PruneFilter;
import dev.coffer.runtime.protocol.StdioKind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What all commands have in common that remove unused things. */
final class PruneFlags {

  static final Option<Map<String, List<String>>> FILTER = Filters.ofRemoval();
  static final Option<Boolean> FORCE =
      Option.of("force", 'f', Type.toggle(), "Do not prompt for confirmation");

  static final Option<Boolean> ALL =
      Option.of("all", 'a', Type.toggle(), "Remove all unused images, not just dangling ones");

  private PruneFlags() {}

  /**
   * The filters {@code until}, {@code label} and {@code label!}.
   *
   * @throws IllegalArgumentException for any other
   */
  static PruneFilter filter(EngineRequest request, Arguments arguments) {
    Optional<Instant> until = Optional.empty();
    List<String> labels = new ArrayList<>();
    List<String> notLabels = new ArrayList<>();
    for (Map.Entry<String, List<String>> filter : arguments.get(FILTER).entrySet()) {
      List<String> values = filter.getValue();
      switch (filter.getKey()) {
        case "until" -> {
          if (values.size() > 1) {
            throw new IllegalArgumentException("filter \"until\" can be given once");
          }
          until =
              Optional.of(
                  Timestamps.parse(values.getFirst(), request.clock().instant(), request.zone()));
        }
        case "label" -> labels.addAll(values);
        case "label!" -> notLabels.addAll(values);
        default ->
            throw new IllegalArgumentException(
                "invalid filter \"%s\" (until, label, label!)".formatted(filter.getKey()));
      }
    }
    return new PruneFilter(until, labels, notLabels);
  }

  /** The last line: how much was freed. */
  static void tellReclaimed(EngineRequest request, long bytes) {
    request.line("Total reclaimed space: " + Units.size(bytes));
  }

  /**
   * Whether the user agrees, or has said so.
   *
   * @throws IllegalArgumentException when nobody can be asked
   */
  static boolean agreed(EngineRequest request, Arguments arguments, String warning) {
    if (arguments.get(FORCE)) {
      return true;
    }
    if (request.console().kind(0) != StdioKind.TTY) {
      throw new IllegalArgumentException(
          "standard input is not a terminal, so nobody can be asked (use --force)");
    }
    String answer =
        request
            .console()
            .ask("WARNING! " + warning + "\nAre you sure you want to continue? [y/N] ", false)
            .strip()
            .toLowerCase(Locale.ROOT);
    return answer.equals("y") || answer.equals("yes");
  }
}
