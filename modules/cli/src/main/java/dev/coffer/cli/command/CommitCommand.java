package dev.coffer.cli.command;

import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.option.CommandModel;
import dev.coffer.cli.option.Option;
import dev.coffer.cli.option.Type;
import dev.coffer.cli.request.EngineRequest;
import dev.coffer.engine.Engine;
import dev.coffer.engine.command.ContainerCommand.Commit;
import dev.coffer.engine.model.CommitRequest;
import java.util.List;
import java.util.Optional;

/** {@code coffer commit}. */
final class CommitCommand implements CliCommand {

  private static final Option<Optional<String>> AUTHOR =
      Option.of(
          "author",
          'a',
          Type.text(),
          "Author (e.g., \"John Hannibal Smith <hannibal@a-team.com>\")");
  private static final Option<List<String>> CHANGE =
      Option.of("change", 'c', Type.list(), "Apply Dockerfile instruction to the created image");
  private static final Option<Optional<String>> MESSAGE =
      Option.of("message", 'm', Type.text(), "Commit message");
  private static final Option<Boolean> PAUSE =
      Option.of("pause", 'p', Type.toggle(true), "Pause container during commit");

  private static final CommandModel MODEL =
      CommandModel.of(
              "commit",
              "CONTAINER [REPOSITORY[:TAG]]",
              "Create a new image from a container's changes",
              1,
              2,
              AUTHOR,
              CHANGE,
              MESSAGE,
              PAUSE,
              TimestampOption.TIMESTAMP)
          .withAliases("coffer container commit", "coffer commit");

  @Override
  public CommandModel model() {
    return MODEL;
  }

  @Override
  public int run(EngineRequest request, Arguments arguments, Engine engine) {
    List<String> words = arguments.positionals();
    CommitRequest commit =
        new CommitRequest(
            words.size() > 1 ? Optional.of(words.get(1)) : Optional.empty(),
            arguments.get(AUTHOR).orElse(""),
            arguments.get(MESSAGE).orElse(""),
            arguments.get(CHANGE),
            arguments.get(PAUSE),
            TimestampOption.of(request, arguments));
    request.line(engine.execute(new Commit(words.getFirst(), commit)));
    return 0;
  }
}
