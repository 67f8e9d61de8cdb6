package dev.coffer.cli.oci;

import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.option.CommandModel;
import dev.coffer.cli.option.Option;
import dev.coffer.cli.option.Type;
import dev.coffer.cli.value.Durations;
import dev.coffer.runtime.oci.ContainerEvents;
import dev.coffer.spec.json.Json;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** {@code coffer-oci events}. */
final class OciEvents implements OciCommand {
  private static final Duration DEFAULT_INTERVAL = Duration.ofSeconds(5);
  private static final Option<Optional<Duration>> INTERVAL =
      Option.of(
          "interval",
          Type.last("duration", Durations::parse),
          "Time between two statistics (default 5s)");
  private static final Option<Boolean> STATS =
      Option.of("stats", Type.toggle(), "Print statistics once");
  private static final CommandModel MODEL =
      CommandModel.of(
          "oci events",
          "CONTAINER-ID",
          "Print what a container uses, and when it runs out of memory",
          1,
          1,
          INTERVAL,
          STATS);

  @Override
  public CommandModel model() {
    return MODEL;
  }

  @Override
  public int run(OciRequest request, Arguments arguments) throws IOException {
    String id = arguments.positionals().getFirst();
    Duration interval = arguments.get(INTERVAL).orElse(DEFAULT_INTERVAL);
    if (!interval.isPositive()) {
      throw new IllegalArgumentException("--interval must be more than 0");
    }
    if (arguments.get(STATS)) {
      request.out(Json.write(ContainerEvents.statistics(request.caller(), id)) + "\n");
      return 0;
    }
    ContainerEvents.follow(
        request.caller(), id, interval, event -> request.out(Json.write(event) + "\n"));
    return 0;
  }
}
