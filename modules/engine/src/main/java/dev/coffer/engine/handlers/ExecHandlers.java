package dev.coffer.engine.handlers;

import dev.coffer.engine.EngineException;
import dev.coffer.engine.EngineException.Kind;
import dev.coffer.engine.command.ClientStreams;
import dev.coffer.engine.command.ExecCommand.CreateExec;
import dev.coffer.engine.command.ExecCommand.InspectExec;
import dev.coffer.engine.command.ExecCommand.StartExec;
import dev.coffer.engine.command.ExecCommand.WaitExec;
import dev.coffer.engine.container.Closing;
import dev.coffer.engine.container.Container;
import dev.coffer.engine.container.ContainerIndex;
import dev.coffer.engine.container.Exec;
import dev.coffer.engine.container.ExecIndex;
import dev.coffer.engine.container.Ids;
import dev.coffer.engine.container.Verb;
import dev.coffer.engine.create.DetachKeys;
import dev.coffer.engine.lifecycle.Clients;
import dev.coffer.engine.lifecycle.ExecLauncher;
import dev.coffer.engine.lifecycle.Verbs;
import dev.coffer.engine.model.ExecInspect;
import dev.coffer.engine.model.ExecRequest;
import dev.coffer.runtime.monitor.MonitorConnection;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The four commands on execs, which are too small to stand alone. */
public final class ExecHandlers {

  private final ContainerIndex containers;
  private final ExecIndex execs;
  private final ExecLauncher launcher;
  private final Ids ids;
  private final Closing closing;

  /** Handles with these. */
  public ExecHandlers(
      ContainerIndex containers, ExecIndex execs, ExecLauncher launcher, Ids ids, Closing closing) {
    this.containers = containers;
    this.execs = execs;
    this.launcher = launcher;
    this.ids = ids;
    this.closing = closing;
  }

  /** Carries the command out. */
  public String handle(CreateExec command) {
    Container container = containers.find(command.container());
    boolean ignored = Verbs.goesOn(Verb.EXEC, container, "exec in");
    ExecRequest request = command.request();
    if (request.command().isEmpty()) {
      throw new EngineException(
          Kind.INVALID,
          "cannot exec in container \"" + container.name() + "\": no command (give one)");
    }
    DetachKeys.parse(request.detachKeys());
    Exec exec = new Exec(ids.next(), container, request);
    execs.add(exec);
    return exec.id();
  }

  /** Carries the command out. Execs in one container start side by side. */
  public void handle(StartExec command) {
    Optional<ClientStreams> client = command.client();
    try {
      Exec exec = execs.find(command.exec());
      boolean ignored = Verbs.goesOn(Verb.EXEC, exec.container(), "exec in");
      if (!exec.claimStart()) {
        throw new EngineException(
            Kind.CONFLICT, "cannot start exec " + exec.id() + ": it was started before");
      }
      launcher.launch(exec, client);
    } finally {
      client.ifPresent(Clients::close);
    }
  }

  /** Carries the command out. */
  public int handle(WaitExec command) {
    Exec exec = execs.find(command.exec());
    return closing.await(exec.exitCode(), "exec " + exec.id());
  }

  /** Carries the command out. */
  public ExecInspect handle(InspectExec command) {
    Exec exec = execs.find(command.exec());
    CompletableFuture<Integer> exit = exec.exitCode();
    boolean ended = exit.isDone() && !exit.isCompletedExceptionally();
    return new ExecInspect(
        exec.id(),
        exec.container().id(),
        exec.isRunning(),
        exec.isRunning() ? exec.connection().map(MonitorConnection::pid).orElse(0) : 0,
        ended ? Optional.of(exit.join()) : Optional.empty());
  }
}
