package dev.coffer.cli.command;

import dev.coffer.cli.option.Option;
import dev.coffer.cli.option.Type;
import java.util.Optional;

/** Options that many commands share. */
final class CommonOptions {

  static final Option<Optional<String>> FORMAT =
      Option.of(
          "format",
          Type.text(),
          "Format output using a custom template: 'table', 'table TEMPLATE', 'json', or TEMPLATE");
  static final Option<Boolean> NO_TRUNC =
      Option.of("no-trunc", Type.toggle(), "Don't truncate output");

  private CommonOptions() {}
}
