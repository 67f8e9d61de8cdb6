package dev.coffer.network.cni;

import java.io.IOException;

/** A plugin could not be called, or says that it cannot do what it should. */
public final class CniException extends IOException {
  private static final long serialVersionUID = 1;

  /** The code of failures that are not a plugin's own. */
  public static final int NO_CODE = 0;

  /** What is asked for may work later. Source: the CNI specification, section 5. */
  public static final int TRY_AGAIN = 11;

  private final int code;

  CniException(int code, String message) {
    super(message);
    this.code = code;
  }

  /** The plugin's code, or {@link #NO_CODE}. */
  public int code() {
    return code;
  }
}
