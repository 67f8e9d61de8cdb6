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

  /** The failure of a plan, or of what has to be had before its first operation runs. */
  public static StartException of(Program program, Failed failed) {
    String message =
        failed.stage() == Failed.MONITOR_STAGE
            ? failed.preparation()
            : program.explain().apply(failed);
    return new StartException(message, failed);
  }

  public StartException(String message, Failed failed) {
    super(message);
    this.failed = failed;
  }

  /** What the monitor reported. */
  public Failed failed() {
    return failed;
  }
}
