package dev.coffer.runtime.oci;

/** A verb cannot be carried out. The message is one line for the caller. */
public final class OciException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public OciException(String message) {
    super(message);
  }

  public OciException(String message, Throwable cause) {
    super(message, cause);
  }
}
