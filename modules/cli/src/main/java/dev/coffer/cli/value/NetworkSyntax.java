package dev.coffer.cli.value;

import java.util.List;

/** {@code --network MODE} and {@code --network name=MODE}. */
public final class NetworkSyntax {

  private NetworkSyntax() {}

  /**
   * The network of all that were given.
   *
   * @return {@code default} when none was
   * @throws IllegalArgumentException when several are given, or one has options
   */
  public static String mode(List<String> given) {
    if (given.isEmpty()) {
      return "default";
    }
    if (given.size() > 1) {
      throw new IllegalArgumentException(
          "not supported: several networks (%s)".formatted(String.join(", ", given)));
    }
    String text = given.getFirst();
    return text.indexOf('=') < 0 ? text : named(text);
  }

  private static String named(String text) {
    String name = "";
    for (String field : Csv.fields(text)) {
      if (!field.startsWith("name=")) {
        throw new IllegalArgumentException(
            "invalid network \"%s\": not supported: \"%s\" (there are no user-defined networks)"
                .formatted(text, field));
      }
      name = field.substring("name=".length());
    }
    return name;
  }
}
