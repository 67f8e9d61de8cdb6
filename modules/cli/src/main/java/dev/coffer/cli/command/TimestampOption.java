package dev.coffer.cli.command;

import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.option.Option;
import dev.coffer.cli.option.Type;
import dev.coffer.cli.request.EngineRequest;
import dev.coffer.cli.value.Timestamps;
import java.time.Instant;
import java.util.Optional;

/**
 * {@code --timestamp}: what makes two archives of equal files equal. Without it {@code
 * SOURCE_DATE_EPOCH} of the caller's environment counts
 * (reproducible-builds.org/specs/source-date-epoch).
 */
final class TimestampOption {

  static final Option<Optional<String>> TIMESTAMP =
      Option.of(
          "timestamp",
          Type.text(),
          "Date nothing later than this time (default: SOURCE_DATE_EPOCH)");

  private static final String VARIABLE = "SOURCE_DATE_EPOCH";

  private TimestampOption() {}

  static Optional<Instant> of(EngineRequest request, Arguments arguments) {
    Optional<String> text =
        arguments
            .get(TIMESTAMP)
            .or(
                () ->
                    Optional.ofNullable(request.environment().get(VARIABLE))
                        .filter(value -> !value.isEmpty()));
    return text.map(each -> Timestamps.parse(each, request.clock().instant(), request.zone()));
  }
}
