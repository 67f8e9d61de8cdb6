package dev.coffer.cli.value;

import dev.coffer.engine.model.ResourceRequest.Ulimit;
import java.util.Map;
import java.util.Set;

/** {@code --ulimit nofile=1024:2048}. */
public final class Ulimits {

  /** The names of setrlimit(2), as Docker writes them. */
  private static final Set<String> NAMES =
      Set.of(
          "core",
          "cpu",
          "data",
          "fsize",
          "locks",
          "memlock",
          "msgqueue",
          "nice",
          "nofile",
          "nproc",
          "rss",
          "rtprio",
          "rttime",
          "sigpending",
          "stack");

  private Ulimits() {}

  /**
   * The limit's name with its soft and hard value; a single value is both, -1 is unlimited.
   *
   * @throws IllegalArgumentException when the name is unknown or the values are no limits
   */
  public static Map.Entry<String, Ulimit> parse(String text) {
    int equals = text.indexOf('=');
    if (equals < 0) {
      throw new IllegalArgumentException("invalid ulimit argument: " + text);
    }
    String name = text.substring(0, equals);
    if (!NAMES.contains(name)) {
      throw new IllegalArgumentException("invalid ulimit type: " + name);
    }
    String values = text.substring(equals + 1);
    int colon = values.indexOf(':');
    long soft = number(text, colon < 0 ? values : values.substring(0, colon));
    long hard = colon < 0 ? soft : number(text, values.substring(colon + 1));
    if (hard != -1 && (soft == -1 || soft > hard)) {
      throw new IllegalArgumentException(
          "ulimit soft limit must be less than or equal to hard limit: %d > %d"
              .formatted(soft, hard));
    }
    return Map.entry(name, new Ulimit(soft, hard));
  }

  private static long number(String text, String digits) {
    try {
      long value = Long.parseLong(digits);
      if (value >= -1) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("invalid ulimit argument: " + text, e);
    }
    throw new IllegalArgumentException("invalid ulimit argument: " + text);
  }
}
