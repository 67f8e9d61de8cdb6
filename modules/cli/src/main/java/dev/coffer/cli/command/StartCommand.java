package dev.coffer.cli.command;

import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.option.CommandModel;
import dev.coffer.cli.option.Option;
import dev.coffer.cli.option.Type;
import dev.coffer.cli.request.EngineRequest;
import dev.coffer.engine.Engine;
import dev.coffer.engine.command.ContainerCommand.Start;
import dev.coffer.engine.command.ContainerCommand.Wait;
import dev.coffer.engine.command.ContainerCommand.WaitCondition;
import dev.coffer.engine.create.DetachKeys;
import java.io.IOException;
import java.util.Optional;

/** {@code coffer start}. */
final class StartCommand implements CliCommand {

  private static final Option<Boolean> ATTACH =
      Option.of("attach", 'a', Type.toggle(), "Attach STDOUT/STDERR and forward signals");
  private static final Option<Boolean> INTERACTIVE =
      Option.of("interactive", 'i', Type.toggle(), "Attach container's STDIN");
  private static final Option<Boolean> SIG_PROXY =
      Option.of("sig-proxy", Type.toggle(true), "Proxy received signals to the process");

  private static final CommandModel MODEL =
      CommandModel.of(
              "start",
              "CONTAINER [CONTAINER...]",
              "Start one or more stopped containers",
              1,
              CommandModel.MANY,
              ATTACH,
              ContainerOptions.DETACH_KEYS,
              INTERACTIVE,
              SIG_PROXY,
              Option.unsupported("checkpoint", true, "Coffer restores no checkpoints"),
              Option.unsupported("checkpoint-dir", true, "Coffer restores no checkpoints"))
          .withAliases("coffer container start", "coffer start");

  @Override
  public CommandModel model() {
    return MODEL;
  }

  @Override
  public int run(EngineRequest request, Arguments arguments, Engine engine) throws IOException {
    if (!arguments.get(ATTACH) && !arguments.get(INTERACTIVE)) {
      return Each.runAndName(
          request,
          arguments.positionals(),
          container -> engine.execute(new Start(container, Optional.empty())));
    }
    if (arguments.positionals().size() > 1) {
      throw new IllegalArgumentException("you cannot start and attach multiple containers at once");
    }
    return attached(request, arguments, engine);
  }

  private static int attached(EngineRequest request, Arguments arguments, Engine engine)
      throws IOException {
    ContainerFacts facts = ContainerFacts.of(engine, arguments.first());
    AttachedStreams streams =
        new AttachedStreams(arguments.get(INTERACTIVE) && facts.openStdin(), true, true);
    streams.checkTerminal(request.console(), facts.terminal());
    byte[] keys = DetachKeys.bytes(arguments.get(ContainerOptions.DETACH_KEYS));
    try (Client client =
        new Client(
            request.console(), streams, facts.terminal(), arguments.get(SIG_PROXY), true, keys)) {
      engine.execute(new Start(facts.id(), Optional.of(client.streams())));
      client.join();
    }
    Wait wait = new Wait(facts.id(), WaitCondition.NOT_RUNNING);
    return request.console().await(() -> engine.execute(wait));
  }
}
