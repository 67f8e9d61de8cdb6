package dev.coffer.engine.command;

import dev.coffer.engine.model.ExecInspect;
import dev.coffer.engine.model.ExecRequest;
import java.util.Optional;

/**
 * Commands on processes that are added to a running container.
 *
 * @param <R> what the command answers
 */
public sealed interface ExecCommand<R> extends Command<R> {

  /** Prepares a process; answers the exec's id. */
  record CreateExec(String container, ExecRequest request) implements ExecCommand<String> {}

  /** Starts it, with a client attached or detached. */
  record StartExec(String exec, Optional<ClientStreams> client) implements ExecCommand<Void> {}

  /** Waits for its end and answers the exit code. */
  record WaitExec(String exec) implements ExecCommand<Integer> {}

  /** What is known of it. */
  record InspectExec(String exec) implements ExecCommand<ExecInspect> {}
}
