package dev.coffer.cli.format;

import dev.coffer.cli.template.Template;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Single values as Docker's tables have them. */
final class Text {

  private Text() {}

  /** A text in double quotes. */
  static String quote(String text) {
    return Template.quote(text);
  }

  /** A time such as {@code 2026-01-31 10:00:00 +0000 UTC}, Go's default form without fractions. */
  static String timestamp(ZonedDateTime time) {
    return DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss xx zzz", Locale.ENGLISH).format(time);
  }
}
