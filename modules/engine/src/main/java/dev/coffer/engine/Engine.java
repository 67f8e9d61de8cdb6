package dev.coffer.engine;

import dev.coffer.engine.command.Command;

/**
 * A container engine over one data root. Thread-safe; one instance per data root and machine, which
 * a lock on the root enforces.
 *
 * <p>Every front door (command line, Docker API, CRI, a library's user) speaks {@link Command}s to
 * it. What is legal in which state stands behind this method and nowhere else.
 */
public interface Engine extends AutoCloseable {

  /**
   * Carries out one command and answers when it is done.
   *
   * @throws EngineException when it cannot be done; the message is one line for the user, the kind
   *     says which exit code or HTTP status fits
   */
  <R> R execute(Command<R> command);

  /** Ends the engine. Running containers keep running under their monitors. */
  @Override
  void close();
}
