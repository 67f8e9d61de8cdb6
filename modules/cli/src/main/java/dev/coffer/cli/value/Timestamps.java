package dev.coffer.cli.value;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;

/**
 * Points in time as {@code --since} and {@code --until} take them: RFC 3339 (the zone, the time or
 * the seconds may be missing), seconds since the epoch with a fraction, or a duration before now.
 */
public final class Timestamps {

  private Timestamps() {}

  /**
   * The point in time of a text.
   *
   * @param now what durations count back from
   * @param zone what dates without a zone are in
   * @throws IllegalArgumentException when the text is none
   */
  public static Instant parse(String text, Instant now, ZoneId zone) {
    if (text.isEmpty()) {
      throw invalid(text);
    }
    try {
      if (isUnixTime(text)) {
        return unixTime(text);
      }
      if (isDate(text)) {
        return date(text, zone);
      }
      return now.minus(Durations.parse(text));
    } catch (DateTimeException | ArithmeticException | IllegalArgumentException e) {
      throw invalid(text);
    }
  }

  private static boolean isUnixTime(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if ((c < '0' || c > '9') && c != '.') {
        return false;
      }
    }
    return true;
  }

  private static Instant unixTime(String text) {
    BigDecimal seconds = new BigDecimal(text);
    long whole = seconds.longValue();
    long nanos = seconds.subtract(BigDecimal.valueOf(whole)).movePointRight(9).longValue();
    return Instant.ofEpochSecond(whole, nanos);
  }

  private static boolean isDate(String text) {
    return text.length() >= 10 && text.charAt(4) == '-' && text.charAt(7) == '-';
  }

  private static Instant date(String text, ZoneId zone) {
    if (text.length() == 10) {
      return LocalDate.parse(text).atStartOfDay(zone).toInstant();
    }
    boolean hasZone =
        text.endsWith("Z") || text.lastIndexOf('+') > 10 || text.lastIndexOf('-') > 10;
    if (hasZone) {
      return OffsetDateTime.parse(text).toInstant();
    }
    String full = text.length() == 13 ? text + ":00" : text;
    return LocalDateTime.parse(full).atZone(zone).toInstant();
  }

  private static IllegalArgumentException invalid(String text) {
    return new IllegalArgumentException(
        "invalid time \"" + text + "\": write 2026-01-31T10:00:00Z, seconds since 1970, or 1h30m");
  }
}
