package dev.coffer.runtime.monitor;

import java.io.IOException;

/** No monitor lives in that run directory: it exited, was killed, or the host was rebooted. */
public final class MonitorGoneException extends IOException {
  private static final long serialVersionUID = 1;

  public MonitorGoneException(String message) {
    super(message);
  }
}
