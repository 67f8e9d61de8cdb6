package dev.coffer.runtime.protocol;

import java.util.Optional;

/** How the monitor makes the container's standard streams. */
public enum StdioMode implements Numbered {
  /** /dev/null for all three. */
  NULL(0),
  PIPES(1),
  /** A pseudo terminal, made by the plan inside the container. */
  TERMINAL(2);

  private final int number;

  StdioMode(int number) {
    this.number = number;
  }

  @Override
  public int number() {
    return number;
  }

  /** The constant of that number; empty for one that this version does not know. */
  public static Optional<StdioMode> of(int number) {
    return Numbered.find(values(), number);
  }
}
