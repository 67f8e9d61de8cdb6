package dev.coffer.runtime.protocol;

import java.util.Optional;

/** What a descriptor 0, 1 or 2 of the launcher is. */
public enum StdioKind implements Numbered {
  CLOSED(0),
  /** A terminal: never passed, the launcher relays it. */
  TTY(1),
  PIPE(2),
  FILE(3),
  SOCKET(4),
  /** /dev/null. */
  NULL(5),
  OTHER(6);

  private final int number;

  StdioKind(int number) {
    this.number = number;
  }

  @Override
  public int number() {
    return number;
  }

  /** The constant of that number; empty for one that this version does not know. */
  public static Optional<StdioKind> of(int number) {
    return Numbered.find(values(), number);
  }
}
