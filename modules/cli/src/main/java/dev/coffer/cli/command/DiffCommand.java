package dev.coffer.cli.command;

import dev.coffer.cli.format.Printable;
import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.option.CommandModel;
import dev.coffer.cli.request.EngineRequest;
import dev.coffer.engine.Engine;
import dev.coffer.engine.command.ContainerCommand.Diff;
import dev.coffer.image.tree.ContainerTree;

/** {@code coffer diff}. */
final class DiffCommand implements CliCommand {

  private static final CommandModel MODEL =
      CommandModel.of(
              "diff",
              "CONTAINER",
              "Inspect changes to files or directories on a container's filesystem",
              1,
              1)
          .withAliases("coffer container diff", "coffer diff");

  @Override
  public CommandModel model() {
    return MODEL;
  }

  @Override
  public int run(EngineRequest request, Arguments arguments, Engine engine) {
    for (ContainerTree.Change change : engine.execute(new Diff(arguments.first()))) {
      char letter =
          switch (change.kind()) {
            case ADDED -> 'A';
            case MODIFIED -> 'C';
            case DELETED -> 'D';
          };
      request.line(letter + " " + Printable.text(change.path()));
    }
    return 0;
  }
}
