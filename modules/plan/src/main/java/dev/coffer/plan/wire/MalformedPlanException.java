package dev.coffer.plan.wire;

/** Bytes are not a plan. The message says what is wrong with them. */
public final class MalformedPlanException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public MalformedPlanException(String message) {
    super("malformed plan: " + message);
  }
}
