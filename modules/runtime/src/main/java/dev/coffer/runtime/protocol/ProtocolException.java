package dev.coffer.runtime.protocol;

import java.io.IOException;

/** A peer that does not keep to the protocol. */
public final class ProtocolException extends IOException {
  private static final long serialVersionUID = 1;

  public ProtocolException(String message) {
    super(message);
  }
}
