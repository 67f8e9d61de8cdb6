package dev.coffer.cli.format;

import java.util.Locale;

/**
 * Text for a reader's terminal. Labels, commands and names out of images and archives are a
 * stranger's: a control character among them could move the cursor, rewrite lines that were shown
 * before, or make the terminal type (ECMA-48, C0 and C1 control functions).
 */
public final class Printable {

  private Printable() {}

  /** One line, control characters as {@code \x1b}; tabs stay. */
  public static String text(String text) {
    return isPrintable(text) ? text : escape(text, false);
  }

  /** The same of a message, whose line ends stay. */
  public static String lines(String text) {
    return isPrintable(text) ? text : escape(text, true);
  }

  private static boolean isPrintable(String text) {
    return text.chars().noneMatch(Character::isISOControl);
  }

  private static String escape(String text, boolean keepLineEnds) {
    StringBuilder escaped = new StringBuilder(text.length() + 16);
    text.chars()
        .forEach(
            c -> {
              boolean kept = c == '\t' || (c == '\n' && keepLineEnds);
              if (kept || !Character.isISOControl(c)) {
                escaped.append((char) c);
              } else {
                escaped.append(String.format(Locale.ROOT, "\\x%02x", c));
              }
            });
    return escaped.toString();
  }
}
