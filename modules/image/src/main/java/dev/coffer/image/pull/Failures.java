package dev.coffer.image.pull;

import dev.coffer.image.ImageException;
import java.io.IOException;
import java.io.InterruptedIOException;

/** Failures that several threads are told of. */
final class Failures {

  private Failures() {}

  /** The same failure for another thread, whose stack it has. */
  static IOException again(IOException cause) {
    return cause instanceof ImageException image
        ? new ImageException(image.kind(), image.getMessage(), image)
        : new IOException(cause.getMessage(), cause);
  }

  /** An interrupt as a failure; the thread stays interrupted. */
  static InterruptedIOException interrupted(InterruptedException cause) {
    Thread.currentThread().interrupt();
    InterruptedIOException failure = new InterruptedIOException("interrupted");
    failure.initCause(cause);
    return failure;
  }
}
