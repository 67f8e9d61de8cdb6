package dev.coffer.cli.command;

import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.option.CommandModel;
import dev.coffer.cli.option.Option;
import dev.coffer.cli.option.Type;
import dev.coffer.cli.request.EngineRequest;
import dev.coffer.cli.value.Timestamps;
import dev.coffer.engine.Engine;
import dev.coffer.engine.command.ContainerCommand.Logs;
import dev.coffer.engine.model.LogQuery;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Optional;

/** {@code coffer logs}. */
final class LogsCommand implements CliCommand {

  private static final Option<Boolean> FOLLOW =
      Option.of("follow", 'f', Type.toggle(), "Follow log output");
  private static final Option<Optional<String>> SINCE =
      Option.of(
          "since",
          Type.text(),
          "Show logs since timestamp (e.g. \"2026-01-02T13:23:37Z\") or relative (e.g. \"42m\" for 42 minutes)");
  private static final Option<Optional<String>> UNTIL =
      Option.of(
          "until",
          Type.text(),
          "Show logs before a timestamp (e.g. \"2026-01-02T13:23:37Z\") or relative (e.g. \"42m\" for 42 minutes)");
  private static final Option<Optional<Integer>> TAIL =
      Option.of(
          "tail",
          'n',
          Type.last("string", LogsCommand::lines),
          "Number of lines to show from the end of the logs (default \"all\")");
  private static final Option<Boolean> TIMESTAMPS =
      Option.of("timestamps", 't', Type.toggle(), "Show timestamps");

  private static final CommandModel MODEL =
      CommandModel.of(
              "logs",
              "CONTAINER",
              "Fetch the logs of a container",
              1,
              1,
              FOLLOW,
              SINCE,
              TAIL,
              TIMESTAMPS,
              UNTIL,
              Option.unsupported("details", false, "use inspect for labels and environment"))
          .withAliases("coffer container logs", "coffer logs")
          .withExample("What comes from now on", "coffer logs -f --tail 0 web");

  @Override
  public CommandModel model() {
    return MODEL;
  }

  @Override
  public int run(EngineRequest request, Arguments arguments, Engine engine) throws IOException {
    boolean follow = arguments.get(FOLLOW);
    LogQuery query =
        new LogQuery(
            true,
            true,
            follow,
            time(request, arguments, SINCE),
            time(request, arguments, UNTIL),
            arguments.get(TAIL).orElse(-1));
    LogOutput output = new LogOutput(request.console(), arguments.get(TIMESTAMPS), follow);
    Logs logs = new Logs(arguments.first(), query, output);
    try {
      request.console().await(() -> engine.execute(logs));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    output.flush();
    return 0;
  }

  private static Optional<Instant> time(
      EngineRequest request, Arguments arguments, Option<Optional<String>> option) {
    return arguments
        .get(option)
        .map(text -> Timestamps.parse(text, request.clock().instant(), request.zone()));
  }

  private static int lines(String text) {
    if (text.equals("all")) {
      return -1;
    }
    try {
      return Math.max(-1, Integer.parseInt(text));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("not a number of lines: \"" + text + "\"", e);
    }
  }
}
