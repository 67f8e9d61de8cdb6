package dev.coffer.runtime.monitor;

import dev.coffer.runtime.protocol.Failed;
import java.io.IOException;

/**
 * A plan that failed. The message is the cause in the user's words, made by the plan's own
 * description of the operation; {@link #failed} has where it was and the errno.
 */
public final class StartException extends IOException {
  private static final long serialVersionUID = 1;

  private final transient Failed failed;

  public StartException(String message, Failed failed) {
    super(message);
    this.failed = failed;
  }

  /** What the monitor reported. */
  public Failed failed() {
    return failed;
  }
}
