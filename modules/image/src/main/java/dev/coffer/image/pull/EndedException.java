package dev.coffer.image.pull;

import java.io.IOException;

/** Somebody has given up a transfer; for another who has joined it that is no failure. */
final class EndedException extends IOException {
  private static final long serialVersionUID = 1L;

  EndedException(String message) {
    super(message);
  }

  /** Whether that is what a failure comes from. */
  static boolean isCauseOf(Throwable failure) {
    Throwable at = failure;
    while (at != null && !(at instanceof EndedException)) {
      at = at.getCause();
    }
    return at != null;
  }
}
