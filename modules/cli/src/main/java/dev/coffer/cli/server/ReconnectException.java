package dev.coffer.cli.server;

/** This engine has let go of everything: the caller is to ask its successor. */
final class ReconnectException extends RuntimeException {

  private static final long serialVersionUID = 1;

  ReconnectException() {
    super("ask again", null, false, false);
  }
}
