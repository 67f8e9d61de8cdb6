package dev.coffer.engine.model;

/**
 * Ports in a row.
 *
 * @param first the lowest
 * @param last the highest
 */
public record PortRange(int first, int last) {

  private static final int HIGHEST = 65_535;

  /** One port. */
  static PortRange of(int port) {
    return new PortRange(port, port);
  }

  /**
   * Reads {@code PORT} or {@code PORT-PORT}.
   *
   * @param what what the ports are, for errors
   * @throws IllegalArgumentException when it is malformed
   */
  public static PortRange parse(String what, String text) {
    int dash = text.indexOf('-');
    int first = port(what, dash < 0 ? text : text.substring(0, dash), text);
    int last = dash < 0 ? first : port(what, text.substring(dash + 1), text);
    if (last < first) {
      throw invalid(what, text);
    }
    return new PortRange(first, last);
  }

  private static int port(String what, String digits, String whole) {
    try {
      int port = Integer.parseUnsignedInt(digits);
      if (port > 0 && port <= HIGHEST) {
        return port;
      }
    } catch (NumberFormatException noNumber) {
      // Said below.
    }
    throw invalid(what, whole);
  }

  private static IllegalArgumentException invalid(String what, String text) {
    return new IllegalArgumentException(
        "invalid %s \"%s\": 1 to %d, or a range such as 8000-8010".formatted(what, text, HIGHEST));
  }

  /** How many. */
  public int count() {
    return last - first + 1;
  }
}
