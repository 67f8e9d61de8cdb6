package dev.coffer.spec.image;

import dev.coffer.spec.json.JsonCursor;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/** Reads points in time as RFC 3339 writes them. */
final class Times {
  private Times() {}

  static Optional<Instant> read(JsonCursor at) {
    String text = at.stringOrEmpty();
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Instant.parse(text));
    } catch (DateTimeParseException e) {
      throw at.failure("must be a time as RFC 3339 writes it, is \"" + text + "\"");
    }
  }
}
