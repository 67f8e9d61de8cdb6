package dev.coffer.runtime.dbus;

import java.io.IOException;

/** What came is no message, or one longer than is read here. */
public final class MalformedMessageException extends IOException {
  private static final long serialVersionUID = 1L;

  MalformedMessageException(String what) {
    super("the bus sent what is no message: " + what);
  }
}
