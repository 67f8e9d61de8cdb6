package dev.coffer.engine;

/** A command that could not be carried out. The message is one line, in the user's words. */
public final class EngineException extends RuntimeException {

  private static final long serialVersionUID = 1;

  /** Why, as far as a front door must know: each kind maps to one exit code and one HTTP status. */
  public enum Kind {
    /** The request itself is wrong (exit 125 from run, 1 elsewhere; HTTP 400). */
    INVALID,
    /** No such container, image, exec (HTTP 404). */
    NOT_FOUND,
    /** A short id that fits several objects (HTTP 400). */
    AMBIGUOUS,
    /** A name in use, or a state that does not allow it (HTTP 409). */
    CONFLICT,
    /** The command of a container is not executable (exit 126). */
    NOT_EXECUTABLE,
    /** The command of a container was not found (exit 127). */
    COMMAND_NOT_FOUND,
    /** Coffer does not do this (yet), or the host cannot (HTTP 501). */
    NOT_SUPPORTED,
    /** Everything else (HTTP 500). */
    FAILED
  }

  private final Kind kind;

  /** Creates one with a message for the user. */
  public EngineException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  /** Creates one with a message for the user and the cause for {@code --debug}. */
  public EngineException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  /** Why it failed. */
  public Kind kind() {
    return kind;
  }
}
