package dev.coffer.runtime.criu;

import java.io.IOException;

/** What criu cannot do, in its words. */
public final class CriuException extends IOException {
  private static final long serialVersionUID = 1L;

  CriuException(String message) {
    super(message);
  }
}
