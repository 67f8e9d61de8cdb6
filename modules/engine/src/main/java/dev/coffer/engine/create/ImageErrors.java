package dev.coffer.engine.create;

import dev.coffer.engine.EngineException;
import dev.coffer.engine.EngineException.Kind;
import dev.coffer.image.ImageException;
import java.io.IOException;

/** The image store's errors as the engine's. */
public final class ImageErrors {

  private ImageErrors() {}

  /**
   * The engine's error.
   *
   * @param what verb and object, such as {@code cannot remove image "x"}
   */
  public static EngineException of(String what, IOException cause) {
    Kind kind =
        cause instanceof ImageException image
            ? switch (image.kind()) {
              case NOT_FOUND -> Kind.NOT_FOUND;
              case AMBIGUOUS -> Kind.AMBIGUOUS;
              case CONFLICT -> Kind.CONFLICT;
              case INVALID_REQUEST, NO_SUCH_PLATFORM -> Kind.INVALID;
              case NOT_SUPPORTED -> Kind.NOT_SUPPORTED;
              case MALFORMED,
                  TRUNCATED,
                  DIGEST_MISMATCH,
                  ESCAPE,
                  LIMIT_EXCEEDED,
                  HOST,
                  UNAUTHORIZED,
                  UNAVAILABLE ->
                  Kind.FAILED;
            }
            : Kind.FAILED;
    String message = String.valueOf(cause.getMessage());
    // The store's messages are whole sentences for the user already.
    return new EngineException(
        kind, message.startsWith("cannot ") ? message : what + ": " + message, cause);
  }
}
