package dev.coffer.cli.command;

import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.option.Option;
import dev.coffer.cli.option.Type;
import java.time.Duration;
import java.util.Optional;

/** The options of {@code stop} and {@code restart}. */
final class StopOptions {

  static final Option<Optional<String>> SIGNAL =
      Option.of("signal", 's', Type.text(), "Signal to send to the container");
  static final Option<Optional<Integer>> TIMEOUT =
      Option.of(
          "timeout",
          't',
          Type.integer(),
          "Seconds to wait before killing the container (-1 waits for ever)");
  static final Option<Optional<Integer>> TIME =
      Option.of("time", Type.integer(), "Same as --timeout");

  private StopOptions() {}

  static Optional<Duration> timeout(Arguments arguments) {
    return arguments.get(TIMEOUT).or(() -> arguments.get(TIME)).map(Duration::ofSeconds);
  }
}
