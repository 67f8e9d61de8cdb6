package dev.coffer.cli.format;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.List;

/** Sizes and durations in the words that Docker's users read (the Go package docker/go-units). */
public final class Units {

  private static final List<String> DECIMAL = List.of("B", "kB", "MB", "GB", "TB", "PB", "EB");
  private static final List<String> BINARY = List.of("B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB");

  private Units() {}

  /** A size in powers of 1000 with three digits, such as {@code 4.26MB}. */
  public static String size(long bytes) {
    return scaled(bytes, 1000, DECIMAL, 3);
  }

  /** A size in powers of 1024 with four digits, such as {@code 7.773GiB}. */
  public static String binarySize(long bytes) {
    return scaled(bytes, 1024, BINARY, 4);
  }

  private static String scaled(long bytes, int base, List<String> units, int digits) {
    int unit = 0;
    BigDecimal value = BigDecimal.valueOf(bytes);
    BigDecimal step = BigDecimal.valueOf(base);
    while (value.compareTo(step) >= 0 && unit < units.size() - 1) {
      value = value.divide(step, MathContext.DECIMAL64);
      unit++;
    }
    BigDecimal rounded = value.round(new MathContext(digits, RoundingMode.HALF_EVEN));
    if (rounded.compareTo(step) >= 0 && unit < units.size() - 1) {
      rounded = BigDecimal.ONE;
      unit++;
    }
    return rounded.stripTrailingZeros().toPlainString() + units.get(unit);
  }

  /** A duration in words, such as {@code 3 minutes}. */
  public static String duration(Duration duration) {
    long seconds = duration.toSeconds();
    if (seconds < 1) {
      return "Less than a second";
    }
    if (seconds == 1) {
      return "1 second";
    }
    if (seconds < 60) {
      return seconds + " seconds";
    }
    long minutes = duration.toMinutes();
    if (minutes == 1) {
      return "About a minute";
    }
    if (minutes < 60) {
      return minutes + " minutes";
    }
    long hours = duration.plusMinutes(30).toHours();
    if (hours == 1) {
      return "About an hour";
    }
    return hours < 48 ? hours + " hours" : days(hours, duration.toHours());
  }

  private static String days(long hours, long wholeHours) {
    if (hours < 24 * 7 * 2) {
      return hours / 24 + " days";
    }
    if (hours < 24 * 30 * 2) {
      return hours / 24 / 7 + " weeks";
    }
    if (hours < 24 * 365 * 2) {
      return hours / 24 / 30 + " months";
    }
    return wholeHours / 24 / 365 + " years";
  }

  /** A text of at most so many characters, the last one an ellipsis when it was longer. */
  public static String ellipsis(String text, int most) {
    int count = text.codePointCount(0, text.length());
    return count <= most ? text : text.substring(0, text.offsetByCodePoints(0, most - 1)) + "…";
  }

  /** An id's first twelve digits, without the name of the digest's algorithm. */
  public static String shortId(String id) {
    String digits = id.substring(id.indexOf(':') + 1);
    return digits.length() > 12 ? digits.substring(0, 12) : digits;
  }
}
