package dev.coffer.engine.create;

import static dev.coffer.engine.create.Refusal.invalid;

import dev.coffer.engine.model.LogRequest;
import java.util.Locale;
import java.util.Map;

/**
 * When a log is rotated.
 *
 * @param maximumBytes size at which a file is rotated, 0 for never
 * @param maximumFiles how many files there are, the current one included
 */
public record LogOptions(long maximumBytes, int maximumFiles) {

  private static final Map<Character, Integer> SHIFTS = Map.of('k', 10, 'm', 20, 'g', 30);

  /** Reads {@code max-size} and {@code max-file}. */
  public static LogOptions of(LogRequest request) {
    String files = request.options().getOrDefault("max-file", "1");
    long count = number(files, "max-file");
    if (count < 1 || count > 1000) {
      throw invalid("invalid log option max-file \"" + files + "\" (1 to 1000)");
    }
    long bytes = bytes(request.options().getOrDefault("max-size", "-1"));
    if (count > 1 && bytes == 0) {
      throw invalid("log option max-file needs max-size");
    }
    return new LogOptions(bytes, (int) count);
  }

  private static long bytes(String text) {
    if (text.equals("-1")) {
      return 0;
    }
    String lower = text.toLowerCase(Locale.ROOT);
    String bare = lower.endsWith("b") ? lower.substring(0, lower.length() - 1) : lower;
    int shift = bare.isEmpty() ? 0 : SHIFTS.getOrDefault(bare.charAt(bare.length() - 1), 0);
    long number = number(shift == 0 ? bare : bare.substring(0, bare.length() - 1), "max-size");
    if (number == 0) {
      throw invalid("invalid log option max-size \"" + text + "\"");
    }
    return number << shift;
  }

  private static long number(String text, String option) {
    if (text.isEmpty() || text.length() > 9 || !text.chars().allMatch(Character::isDigit)) {
      throw invalid("invalid log option " + option + " \"" + text + "\"");
    }
    return Long.parseLong(text);
  }
}
