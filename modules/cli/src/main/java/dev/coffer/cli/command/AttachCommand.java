package dev.coffer.cli.command;

import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.option.CommandModel;
import dev.coffer.cli.option.Option;
import dev.coffer.cli.option.Type;
import dev.coffer.cli.request.EngineRequest;
import dev.coffer.engine.Engine;
import dev.coffer.engine.EngineException;
import dev.coffer.engine.command.ContainerCommand.Attach;
import dev.coffer.engine.command.ContainerCommand.Wait;
import dev.coffer.engine.command.ContainerCommand.WaitCondition;
import dev.coffer.engine.create.DetachKeys;
import java.io.IOException;

/** {@code coffer attach}. */
final class AttachCommand implements CliCommand {

  private static final Option<Boolean> NO_STDIN =
      Option.of("no-stdin", Type.toggle(), "Do not attach STDIN");
  private static final Option<Boolean> SIG_PROXY =
      Option.of("sig-proxy", Type.toggle(true), "Proxy all received signals to the process");

  private static final CommandModel MODEL =
      CommandModel.of(
              "attach",
              "CONTAINER",
              "Attach local standard input, output, and error streams to a running container",
              1,
              1,
              ContainerOptions.DETACH_KEYS,
              NO_STDIN,
              SIG_PROXY)
          .withAliases("coffer container attach", "coffer attach");

  @Override
  public CommandModel model() {
    return MODEL;
  }

  @Override
  public int run(EngineRequest request, Arguments arguments, Engine engine) throws IOException {
    ContainerFacts facts = ContainerFacts.of(engine, arguments.first());
    if (!facts.running()) {
      throw refused("cannot attach to a stopped container, start it first");
    }
    if (facts.paused()) {
      throw refused("cannot attach to a paused container, unpause it first");
    }
    AttachedStreams streams =
        new AttachedStreams(!arguments.get(NO_STDIN) && facts.openStdin(), true, true);
    streams.checkTerminal(request.console(), facts.terminal());
    byte[] keys = DetachKeys.bytes(arguments.get(ContainerOptions.DETACH_KEYS));
    try (Client client =
        new Client(
            request.console(), streams, facts.terminal(), arguments.get(SIG_PROXY), false, keys)) {
      engine.execute(new Attach(facts.id(), client.streams()));
      client.join();
    }
    Wait wait = new Wait(facts.id(), WaitCondition.NOT_RUNNING);
    return request.console().await(() -> engine.execute(wait));
  }

  private static EngineException refused(String reason) {
    return new EngineException(EngineException.Kind.CONFLICT, reason);
  }
}
