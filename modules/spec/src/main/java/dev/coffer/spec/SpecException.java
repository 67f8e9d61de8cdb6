package dev.coffer.spec;

/**
 * A document is not what its specification asks for. The message is one line that begins with the
 * document's name and the path of the offending value in it, as far as they are known: {@code
 * config.json: process.cwd: must be an absolute path, is "x"}.
 */
public final class SpecException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** A failure with a finished one-line message. */
  public SpecException(String message) {
    super(message);
  }

  /** A failure with a finished one-line message and what led to it. */
  public SpecException(String message, Throwable cause) {
    super(message, cause);
  }
}
