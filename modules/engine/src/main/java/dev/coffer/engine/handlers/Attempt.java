package dev.coffer.engine.handlers;

import dev.coffer.engine.EngineException;
import dev.coffer.engine.EngineException.Kind;
import dev.coffer.engine.create.ImageErrors;
import java.io.IOException;

/** Something with images that may fail. */
@FunctionalInterface
interface Attempt<T> {
  T run() throws IOException;

  /**
   * Runs it; a failure becomes the engine's.
   *
   * @param what verb and object, such as {@code cannot push "x"}
   */
  static <T> T at(String what, Attempt<T> attempt) {
    try {
      return attempt.run();
    } catch (IOException e) {
      throw ImageErrors.of(what, e);
    } catch (IllegalArgumentException e) {
      throw new EngineException(Kind.INVALID, what + ": " + e.getMessage(), e);
    }
  }
}
