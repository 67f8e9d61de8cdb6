package dev.coffer.cli.command;

import dev.coffer.cli.format.InfoText;
import dev.coffer.cli.format.Objects;
import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.option.CommandModel;
import dev.coffer.cli.option.Option;
import dev.coffer.cli.option.Type;
import dev.coffer.cli.request.EngineRequest;
import dev.coffer.cli.template.Values;
import dev.coffer.engine.Engine;
import dev.coffer.engine.command.SystemCommand.Info;
import dev.coffer.spec.json.JsonObject;
import java.util.Optional;

/** {@code coffer info}. */
final class InfoCommand implements CliCommand {

  private static final Option<Optional<String>> FORMAT =
      Option.of(
          "format", 'f', Type.text(), "Format output using a custom template: 'json' or TEMPLATE");

  private static final CommandModel MODEL =
      CommandModel.of("info", "", "Display system-wide information", 0, 0, FORMAT)
          .withAliases("coffer system info", "coffer info");

  @Override
  public CommandModel model() {
    return MODEL;
  }

  @Override
  public int run(EngineRequest request, Arguments arguments, Engine engine) {
    JsonObject info = engine.execute(new Info()).json();
    Optional<String> format = arguments.get(FORMAT);
    if (format.isPresent()) {
      request.line(Objects.render(format.get(), Values.of(info)));
      return 0;
    }
    InfoText text = InfoText.of(info);
    request.console().out(text.facts());
    request.console().err(text.warnings());
    return 0;
  }
}
