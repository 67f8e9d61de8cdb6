package dev.coffer.cli.command;

import dev.coffer.cli.format.Table;
import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.option.CommandModel;
import dev.coffer.cli.request.EngineRequest;
import dev.coffer.engine.Engine;
import dev.coffer.engine.command.ContainerCommand.Top;
import dev.coffer.engine.model.TopTable;
import java.util.ArrayList;
import java.util.List;

/** {@code coffer top}. */
final class TopCommand implements CliCommand {

  private static final int NARROWEST = 20;

  private static final CommandModel MODEL =
      CommandModel.of(
              "top",
              "CONTAINER [ps OPTIONS]",
              "Display the running processes of a container",
              1,
              CommandModel.MANY)
          .withOptionsFirst()
          .withAliases("coffer container top", "coffer top");

  @Override
  public CommandModel model() {
    return MODEL;
  }

  @Override
  public int run(EngineRequest request, Arguments arguments, Engine engine) {
    List<String> words = arguments.positionals();
    TopTable table = engine.execute(new Top(words.getFirst(), words.subList(1, words.size())));
    List<String> lines = new ArrayList<>();
    lines.add(String.join("\t", table.titles()));
    table.processes().forEach(process -> lines.add(String.join("\t", process)));
    request.console().out(Table.render(lines, NARROWEST));
    return 0;
  }
}
