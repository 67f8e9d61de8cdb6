package dev.coffer.runtime.protocol;

import java.util.Optional;

/** The records of a {@code SETUP} frame. */
public enum SetupTag implements Numbered {
  FD_ROLES(1),
  ID(2),
  STDIO(3),
  LOG(4),
  DETACH_KEYS(5),
  EXIT_RECORD(6),
  OOM_FILE(7),
  ENGINE_COMMAND(8),
  LISTEN(9);

  private final int number;

  SetupTag(int number) {
    this.number = number;
  }

  @Override
  public int number() {
    return number;
  }

  /** The constant of that number; empty for one that this version does not know. */
  public static Optional<SetupTag> of(int number) {
    return Numbered.find(values(), number);
  }
}
