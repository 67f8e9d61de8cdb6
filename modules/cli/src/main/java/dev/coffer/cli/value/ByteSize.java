package dev.coffer.cli.value;

/**
 * Sizes as Docker's options take them: a number, perhaps with a fraction, and one of {@code b k m g
 * t p} in either case, perhaps followed by {@code b} or {@code ib}. Units are powers of 1024
 * (Docker's {@code units.RAMInBytes}).
 */
public final class ByteSize {

  private static final String UNITS = "bkmgtp";

  private ByteSize() {}

  /**
   * Bytes of a size.
   *
   * @throws IllegalArgumentException when the text is no size, is negative, or does not fit
   */
  public static long parse(String text) {
    int end = 0;
    while (end < text.length() && (isDigit(text.charAt(end)) || text.charAt(end) == '.')) {
      end++;
    }
    double number = number(text, text.substring(0, end));
    double bytes = number * factor(text, text.substring(end).stripLeading());
    if (bytes > Long.MAX_VALUE) {
      throw invalid(text);
    }
    return (long) bytes;
  }

  /** A size, or -1 for "no limit". */
  public static long parseOrUnlimited(String text) {
    return text.equals("-1") ? -1 : parse(text);
  }

  private static double number(String text, String digits) {
    try {
      return Double.parseDouble(digits);
    } catch (NumberFormatException e) {
      throw invalid(text);
    }
  }

  private static double factor(String text, String suffix) {
    if (suffix.isEmpty()) {
      return 1;
    }
    int unit = UNITS.indexOf(Character.toLowerCase(suffix.charAt(0)));
    String rest = suffix.substring(1);
    boolean known = unit >= 0 && (rest.isEmpty() || (rest.equalsIgnoreCase("b") && unit > 0));
    if (!known && !(unit > 0 && rest.equalsIgnoreCase("ib"))) {
      throw invalid(text);
    }
    return Math.pow(1024, unit);
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static IllegalArgumentException invalid(String text) {
    return new IllegalArgumentException("invalid size: '" + text + "'");
  }
}
