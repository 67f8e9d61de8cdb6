package dev.coffer.cli.format;

import java.util.Locale;

/**
 * Text for a reader's terminal. Labels, commands and names out of images and archives are a
 * stranger's: a control character among them could move the cursor, rewrite lines that were shown
 * before, or make the terminal type (ECMA-48, C0 and C1 control functions).
 */
public final class Printable {

  private static final char DELETE = '\u007f';

  private Printable() {}

  /** One line, control characters as {@code \x1b}; tabs stay. */
  public static String text(String text) {
    return escape(text, false);
  }

  /** The same of a message, whose line ends stay. */
  public static String lines(String text) {
    return escape(text, true);
  }

  private static String escape(String text, boolean keepLineEnds) {
    int first = 0;
    while (first < text.length() && isPrintable(text.charAt(first), keepLineEnds)) {
      first++;
    }
    if (first == text.length()) {
      return text;
    }
    StringBuilder escaped = new StringBuilder(text.length() + 16).append(text, 0, first);
    for (int i = first; i < text.length(); i++) {
      char c = text.charAt(i);
      if (isPrintable(c, keepLineEnds)) {
        escaped.append(c);
      } else {
        escaped.append(String.format(Locale.ROOT, "\\x%02x", (int) c));
      }
    }
    return escaped.toString();
  }

  private static boolean isPrintable(char c, boolean keepLineEnds) {
    return (c >= ' ' && c < DELETE)
        || !Character.isISOControl(c)
        || c == '\t'
        || (c == '\n' && keepLineEnds);
  }
}
