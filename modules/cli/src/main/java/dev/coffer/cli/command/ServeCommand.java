package dev.coffer.cli.command;

import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.option.CommandModel;
import dev.coffer.cli.option.Option;
import dev.coffer.cli.option.Type;
import dev.coffer.cli.request.EngineRequest;
import dev.coffer.engine.Engine;
import dev.coffer.engine.EngineException;
import dev.coffer.engine.command.SystemCommand.Status;
import dev.coffer.engine.model.EngineStatus;
import dev.coffer.image.snapshot.SnapshotKind;
import java.util.Optional;

/**
 * {@code coffer serve}. The launcher itself becomes the engine; this command is reached only when
 * an engine was asked to be one, and stands here for its help.
 */
public final class ServeCommand implements CliCommand {

  /** How long an engine without work stays. */
  public static final Option<Optional<Integer>> IDLE_EXIT =
      Option.of(
          "idle-exit",
          Type.last("int", ServeCommand::seconds),
          "Seconds without command and running container after which to leave (default: stay)");

  /** How new containers have their root file systems. */
  public static final Option<Optional<SnapshotKind>> SNAPSHOTTER =
      Option.of(
          "snapshotter",
          Type.last("string", SnapshotKind::parse),
          "How new containers are kept: overlay or copy (default: what can be had)");

  /** How much is said of what goes wrong. */
  public static final Option<Boolean> DEBUG =
      Option.of("debug", Type.toggle(), "Say of each warning where in the program it arose");

  /** The model, for help. */
  public static final CommandModel MODEL =
      CommandModel.of(
          "serve", "", "Run the engine in the foreground", 0, 0, IDLE_EXIT, SNAPSHOTTER, DEBUG);

  private static int seconds(String text) {
    try {
      int seconds = Integer.parseInt(text);
      if (seconds >= 0) {
        return seconds;
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("not a number of seconds", e);
    }
    throw new IllegalArgumentException("not a number of seconds");
  }

  @Override
  public CommandModel model() {
    return MODEL;
  }

  @Override
  public int run(EngineRequest request, Arguments arguments, Engine engine) {
    EngineStatus status = engine.execute(new Status());
    throw new EngineException(
        EngineException.Kind.CONFLICT,
        "cannot serve \"%s\": an engine runs already, pid %d (stop it with coffer engine stop)"
            .formatted(status.dataRoot(), status.pid()));
  }
}
