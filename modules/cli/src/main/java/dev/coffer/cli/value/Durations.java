package dev.coffer.cli.value;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;

/** Durations in Go's notation, such as {@code 1h2m}, {@code 1.5s} or {@code 300ms}. */
public final class Durations {

  private Durations() {}

  /**
   * The duration of a text.
   *
   * @throws IllegalArgumentException when it is none
   */
  public static Duration parse(String text) {
    boolean negative = text.startsWith("-");
    String rest = negative || text.startsWith("+") ? text.substring(1) : text;
    if (rest.equals("0")) {
      return Duration.ZERO;
    }
    if (rest.isEmpty()) {
      throw invalid(text);
    }
    BigDecimal nanos = BigDecimal.ZERO;
    int at = 0;
    while (at < rest.length()) {
      int number = at;
      while (at < rest.length() && (Character.isDigit(rest.charAt(at)) || rest.charAt(at) == '.')) {
        at++;
      }
      int unit = at;
      while (at < rest.length() && !Character.isDigit(rest.charAt(at)) && rest.charAt(at) != '.') {
        at++;
      }
      nanos = nanos.add(part(text, rest.substring(number, unit), rest.substring(unit, at)));
    }
    try {
      long total = nanos.setScale(0, RoundingMode.DOWN).longValueExact();
      return Duration.ofNanos(negative ? -total : total);
    } catch (ArithmeticException e) {
      throw invalid(text);
    }
  }

  private static BigDecimal part(String text, String number, String unit) {
    long nanos =
        switch (unit) {
          case "ns" -> 1L;
          case "us", "µs", "μs" -> 1_000L;
          case "ms" -> 1_000_000L;
          case "s" -> 1_000_000_000L;
          case "m" -> 60_000_000_000L;
          case "h" -> 3_600_000_000_000L;
          case String _ -> throw invalid(text);
        };
    try {
      return new BigDecimal(number).multiply(BigDecimal.valueOf(nanos));
    } catch (NumberFormatException e) {
      throw invalid(text);
    }
  }

  private static IllegalArgumentException invalid(String text) {
    return new IllegalArgumentException("invalid duration \"" + text + "\": write it as 1h2m3s");
  }
}
