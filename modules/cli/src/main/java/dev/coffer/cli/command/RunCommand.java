package dev.coffer.cli.command;

import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.option.CommandModel;
import dev.coffer.cli.option.Option;
import dev.coffer.cli.option.Type;
import dev.coffer.cli.request.EngineRequest;
import dev.coffer.engine.Engine;
import dev.coffer.engine.EngineException;
import dev.coffer.engine.command.ContainerCommand.Create;
import dev.coffer.engine.command.ContainerCommand.Created;
import dev.coffer.engine.command.ContainerCommand.Remove;
import dev.coffer.engine.command.ContainerCommand.Start;
import dev.coffer.engine.command.ContainerCommand.Wait;
import dev.coffer.engine.command.ContainerCommand.WaitCondition;
import dev.coffer.engine.create.DetachKeys;
import dev.coffer.engine.model.ContainerRequest;
import java.io.IOException;
import java.util.Optional;

/** {@code coffer run}: create, start, and in the foreground stay until the end. */
final class RunCommand implements CliCommand {

  /** What Docker leaves with when the engine, not the command, failed. */
  static final int ENGINE_FAILED = 125;

  private static final Option<Boolean> DETACH =
      Option.of("detach", 'd', Type.toggle(), "Run container in background and print container ID");
  private static final Option<Boolean> SIG_PROXY =
      Option.of("sig-proxy", Type.toggle(true), "Proxy received signals to the process");

  private static final CommandModel MODEL =
      new CommandModel(
              "run",
              java.util.List.of("coffer container run", "coffer run"),
              "IMAGE [COMMAND] [ARG...]",
              "Create and run a new container from an image",
              ContainerOptions.with(DETACH, SIG_PROXY, ContainerOptions.DETACH_KEYS),
              1,
              CommandModel.MANY,
              true,
              java.util.List.of())
          .withExample(
              "Run a command and remove the container afterwards",
              "coffer run --rm busybox echo hello")
          .withExample(
              "A shell, with a directory of the host",
              "coffer run --rm -it -v \"$PWD\":/work -w /work busybox sh")
          .withExample(
              "A service in the background, with limits",
              "coffer run -d --name web --memory 256m --cpus 1.5 --network host IMAGE");

  @Override
  public CommandModel model() {
    return MODEL;
  }

  @Override
  public int failureCode() {
    return ENGINE_FAILED;
  }

  @Override
  public int run(EngineRequest request, Arguments arguments, Engine engine) throws IOException {
    boolean detached = arguments.get(DETACH);
    if (detached && !arguments.get(ContainerOptions.ATTACH).isEmpty()) {
      throw new IllegalArgumentException(
          "conflicting options: cannot specify both --attach and --detach");
    }
    AttachedStreams streams = detached ? AttachedStreams.NONE : AttachedStreams.of(arguments);
    ContainerRequest wanted = ContainerRequests.of(request, arguments, streams);
    streams.checkTerminal(request.console(), wanted.process().terminal());
    Created created = Creation.create(request, arguments, new Create(wanted, true), engine);
    if (detached) {
      start(engine, created, wanted, new Start(created.id(), Optional.empty()));
      request.line(created.id());
      return 0;
    }
    return foreground(request, arguments, engine, created, wanted, streams);
  }

  private static int foreground(
      EngineRequest request,
      Arguments arguments,
      Engine engine,
      Created created,
      ContainerRequest wanted,
      AttachedStreams streams)
      throws IOException {
    byte[] keys = DetachKeys.bytes(arguments.get(ContainerOptions.DETACH_KEYS));
    try (Client client =
        new Client(
            request.console(),
            streams,
            wanted.process().terminal(),
            arguments.get(SIG_PROXY),
            true,
            keys)) {
      start(engine, created, wanted, new Start(created.id(), Optional.of(client.streams())));
      client.join();
    }
    WaitCondition condition =
        wanted.lifecycle().autoRemove() ? WaitCondition.REMOVED : WaitCondition.NOT_RUNNING;
    return request.console().await(() -> engine.execute(new Wait(created.id(), condition)));
  }

  /**
   * Starts it; a container that cannot start is not left behind when it was to be removed anyway.
   */
  private static void start(
      Engine engine, Created created, ContainerRequest wanted, Start command) {
    try {
      engine.execute(command);
    } catch (EngineException e) {
      if (wanted.lifecycle().autoRemove()) {
        removeQuietly(engine, created, e);
      }
      throw e;
    }
  }

  private static void removeQuietly(Engine engine, Created created, EngineException reason) {
    try {
      engine.execute(new Remove(created.id(), true, true));
    } catch (EngineException e) {
      reason.addSuppressed(e);
    }
  }
}
