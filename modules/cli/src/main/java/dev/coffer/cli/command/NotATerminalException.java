package dev.coffer.cli.command;

/** {@code -it} without a terminal. */
final class NotATerminalException extends RuntimeException {

  private static final long serialVersionUID = 1;

  NotATerminalException() {
    super("the input device is not a TTY", null, false, false);
  }
}
