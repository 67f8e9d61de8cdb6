package dev.coffer.plan;

/** A spec cannot become a plan on this host. The message is one line and names the spec's field. */
public final class PlanException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public PlanException(String message) {
    super(message);
  }

  /** For a field that is understood but cannot be done. */
  public static PlanException notSupported(String field, String reason) {
    return new PlanException("not supported: " + field + ": " + reason);
  }
}
