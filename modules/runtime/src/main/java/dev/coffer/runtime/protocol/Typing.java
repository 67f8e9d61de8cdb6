package dev.coffer.runtime.protocol;

import java.util.Optional;

/** How a launcher reads its terminal for a command of the engine: the payload of {@code RAW}. */
public enum Typing implements Numbered {
  /** Raw mode: each key as it is pressed, none of them means anything to the terminal. */
  KEYS(0),
  /** Whole lines, edited and shown as the terminal does it. */
  LINES(1),
  /** Whole lines that are not shown: a password. */
  SILENT(2);

  private final int number;

  Typing(int number) {
    this.number = number;
  }

  @Override
  public int number() {
    return number;
  }

  /** The constant of that number; empty for one that this version does not know. */
  public static Optional<Typing> of(int number) {
    return Numbered.find(values(), number);
  }
}
