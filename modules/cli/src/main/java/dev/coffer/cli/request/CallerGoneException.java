package dev.coffer.cli.request;

/** The caller left, or asked for an end by a signal: nobody wants the answer any more. */
public final class CallerGoneException extends RuntimeException {

  private static final long serialVersionUID = 1;

  /** Creates one; it has no stack trace, because it is no fault. */
  public CallerGoneException() {
    super("the caller has left", null, false, false);
  }
}
