package dev.coffer.cli.command;

import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.option.CommandModel;
import dev.coffer.cli.option.Option;
import dev.coffer.cli.option.Type;
import dev.coffer.cli.request.EngineRequest;
import dev.coffer.engine.Engine;
import dev.coffer.engine.command.ExecCommand.CreateExec;
import dev.coffer.engine.command.ExecCommand.StartExec;
import dev.coffer.engine.command.ExecCommand.WaitExec;
import dev.coffer.engine.create.DetachKeys;
import dev.coffer.engine.model.ExecRequest;
import dev.coffer.runtime.protocol.WindowSize;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** {@code coffer exec}. */
final class ExecCommand implements CliCommand {

  private static final Option<Boolean> DETACH =
      Option.of("detach", 'd', Type.toggle(), "Detached mode: run command in the background");
  private static final Option<Boolean> INTERACTIVE =
      Option.of("interactive", 'i', Type.toggle(), "Keep STDIN open even if not attached");
  private static final Option<Boolean> PRIVILEGED =
      Option.of("privileged", Type.toggle(), "Give extended privileges to the command");

  private static final CommandModel MODEL =
      CommandModel.of(
              "exec",
              "CONTAINER COMMAND [ARG...]",
              "Execute a command in a running container",
              2,
              CommandModel.MANY,
              DETACH,
              ContainerOptions.DETACH_KEYS,
              ContainerOptions.ENV,
              ContainerOptions.ENV_FILE,
              INTERACTIVE,
              PRIVILEGED,
              ContainerOptions.TTY,
              ContainerOptions.USER,
              ContainerOptions.WORKDIR)
          .withOptionsFirst()
          .withAliases("coffer container exec", "coffer exec")
          .withExample("A shell in a running container", "coffer exec -it web sh");

  @Override
  public CommandModel model() {
    return MODEL;
  }

  @Override
  public int run(EngineRequest request, Arguments arguments, Engine engine) throws IOException {
    boolean detached = arguments.get(DETACH);
    boolean terminal = arguments.get(ContainerOptions.TTY);
    AttachedStreams streams =
        detached
            ? AttachedStreams.NONE
            : new AttachedStreams(arguments.get(INTERACTIVE), true, true);
    streams.checkTerminal(request.console(), terminal);
    ExecRequest wanted = wanted(request, arguments, streams);
    String id = engine.execute(new CreateExec(arguments.first(), wanted));
    if (detached) {
      engine.execute(new StartExec(id, Optional.empty()));
      return 0;
    }
    byte[] keys = DetachKeys.bytes(wanted.detachKeys());
    try (Client client = new Client(request.console(), streams, terminal, false, true, keys)) {
      engine.execute(new StartExec(id, Optional.of(client.streams())));
      client.join();
    }
    return request.console().await(() -> engine.execute(new WaitExec(id)));
  }

  private static ExecRequest wanted(
      EngineRequest request, Arguments arguments, AttachedStreams streams) throws IOException {
    List<String> words = arguments.positionals();
    boolean terminal = arguments.get(ContainerOptions.TTY);
    WindowSize size = terminal ? request.console().size() : WindowSize.UNKNOWN;
    return new ExecRequest(
        words.subList(1, words.size()),
        EnvironmentOptions.of(
            request, arguments.get(ContainerOptions.ENV_FILE), arguments.get(ContainerOptions.ENV)),
        arguments.get(ContainerOptions.USER),
        arguments.get(ContainerOptions.WORKDIR),
        arguments.get(PRIVILEGED),
        terminal,
        streams.stdin(),
        streams.stdout(),
        streams.stderr(),
        size.rows(),
        size.columns(),
        arguments.get(ContainerOptions.DETACH_KEYS));
  }
}
