package dev.coffer.cli.value;

/**
 * {@code --restart no|always|unless-stopped|on-failure[:N]}.
 *
 * @param name one of the four
 * @param maximum most restarts, 0 for any number
 */
public record RestartPolicy(String name, int maximum) {

  /** Not restarted: what holds when nothing is said. */
  public static final RestartPolicy NONE = new RestartPolicy("no", 0);

  /**
   * The policy of a text.
   *
   * @throws IllegalArgumentException when it is none
   */
  public static RestartPolicy parse(String text) {
    int colon = text.indexOf(':');
    String name = colon < 0 ? text : text.substring(0, colon);
    boolean counts =
        switch (name) {
          case "no", "always", "unless-stopped" -> false;
          case "on-failure" -> true;
          case "" -> throw new IllegalArgumentException("invalid restart policy format: no policy");
          case String other ->
              throw new IllegalArgumentException("invalid restart policy: \"" + other + "\"");
        };
    if (colon < 0) {
      return new RestartPolicy(name, 0);
    }
    if (!counts) {
      throw new IllegalArgumentException(
          "invalid restart policy: maximum retry count can only be used with 'on-failure'");
    }
    return new RestartPolicy(name, retries(text.substring(colon + 1)));
  }

  private static int retries(String digits) {
    try {
      int value = Integer.parseInt(digits);
      if (value >= 0) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "invalid restart policy format: maximum retry count must be an integer", e);
    }
    throw new IllegalArgumentException(
        "invalid restart policy format: maximum retry count cannot be negative");
  }
}
