package dev.coffer.runtime.dbus;

import java.io.IOException;

/** An answer that says no. */
public final class BusException extends IOException {
  private static final long serialVersionUID = 1L;

  private final String name;

  BusException(String name, String message) {
    super(message.isEmpty() ? name : message);
    this.name = name;
  }

  /** What kind of error, such as {@code org.freedesktop.systemd1.UnitExists}. */
  public String name() {
    return name;
  }
}
