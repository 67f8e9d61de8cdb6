package dev.coffer.image;

import java.io.IOException;

/** Something about an image could not be done; the message is for the user. */
public final class ImageException extends IOException {
  private static final long serialVersionUID = 1L;

  /** What went wrong, for callers that must tell it apart. */
  public enum Kind {
    /** No image, blob or layer has that name. */
    NOT_FOUND,
    /** Several images have an id that starts so. */
    AMBIGUOUS,
    /** The request contradicts the store's state: the image is in use or has several names. */
    CONFLICT,
    /** The caller asked for something malformed: a name, an instruction. */
    INVALID_REQUEST,
    /** No manifest suits the wanted platform. */
    NO_SUCH_PLATFORM,
    /** The bytes are not what their format demands. */
    MALFORMED,
    /** The bytes end too early. */
    TRUNCATED,
    /** The bytes are not those that their digest or size promised. */
    DIGEST_MISMATCH,
    /** An archive's entry would reach outside of its layer. */
    ESCAPE,
    /** An archive is beyond a configured bound. */
    LIMIT_EXCEEDED,
    /** A format, compression or feature that Coffer does not read. */
    NOT_SUPPORTED,
    /** A registry wants other credentials, or denies what they may do. */
    UNAUTHORIZED,
    /** A registry cannot be reached, keeps failing, or asks to come back later. */
    UNAVAILABLE,
    /** The host refused. */
    HOST
  }

  private final Kind kind;

  public ImageException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  public ImageException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
