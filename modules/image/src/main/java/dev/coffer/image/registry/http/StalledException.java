package dev.coffer.image.registry.http;

import java.io.IOException;
import java.time.Duration;

/** Nothing came for too long. */
public final class StalledException extends IOException {
  private static final long serialVersionUID = 1L;

  StalledException(Duration stall) {
    super("nothing came for " + shown(stall));
  }

  private static String shown(Duration stall) {
    return stall.toMillis() % 1000 == 0 ? stall.toSeconds() + " s" : stall.toMillis() + " ms";
  }
}
