package dev.coffer.image.snapshot;

import dev.coffer.kernel.Fd;
import java.io.IOException;

/** Puts into a base what every container needs and an image may lack. */
@FunctionalInterface
public interface Furnishing {
  /**
   * Furnishes.
   *
   * @param root the merged tree, writable
   */
  void furnish(Fd root) throws IOException;
}
