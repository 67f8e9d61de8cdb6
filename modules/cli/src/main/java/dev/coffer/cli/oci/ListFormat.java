package dev.coffer.cli.oci;

import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.option.Option;
import dev.coffer.cli.option.Type;
import java.util.Optional;

/** The option {@code --format} of what prints lists. */
enum ListFormat {
  TABLE,
  JSON;

  static final Option<Optional<String>> OPTION =
      Option.of("format", 'f', Type.text(), "One of: table or json (default table)");

  static ListFormat of(Arguments arguments) {
    String name = arguments.get(OPTION).orElse("table");
    return switch (name) {
      case "table" -> TABLE;
      case "json" -> JSON;
      default ->
          throw new IllegalArgumentException("invalid format \"" + name + "\" (use table or json)");
    };
  }
}
