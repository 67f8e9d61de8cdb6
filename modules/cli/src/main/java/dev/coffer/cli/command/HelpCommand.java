package dev.coffer.cli.command;

import dev.coffer.cli.help.HelpText;
import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.option.CommandModel;
import dev.coffer.cli.request.EngineRequest;
import dev.coffer.engine.Engine;
import java.util.List;
import java.util.Optional;

/** {@code coffer help [COMMAND]}. */
final class HelpCommand implements CliCommand {

  private static final CommandModel MODEL =
      CommandModel.of("help", "[COMMAND]", "Help about the command", 0, 2);

  @Override
  public CommandModel model() {
    return MODEL;
  }

  @Override
  public int run(EngineRequest request, Arguments arguments, Engine engine) {
    int columns = request.console().size().columns();
    List<String> words = arguments.positionals();
    if (words.isEmpty()) {
      request.console().out(Commands.help());
      return 0;
    }
    Optional<Group> group = Group.of(words.getFirst());
    if (words.size() == 1 && group.isPresent()) {
      request.console().out(Commands.help(group.get()));
      return 0;
    }
    var found = Commands.find(words);
    if (found.isEmpty()) {
      throw new IllegalArgumentException(
          "unknown help topic: " + String.join(" ", words) + " (coffer help lists the commands)");
    }
    request.console().out(HelpText.render(found.get().command().model(), columns));
    return 0;
  }
}
