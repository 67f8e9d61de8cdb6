package dev.coffer.plan.compile;

/** What a program's standard streams are. */
public enum StandardStreams {
  /**
   * Slots 0 to 2 hold null devices or descriptors of somebody else: the latter stay as they are.
   */
  PASSED,
  /** Slots 0 to 2 hold pipes that the monitor made, or null devices: the user owns the pipes. */
  PIPES,
  /** A terminal of the container; slot 3 gets the monitor's end. */
  TERMINAL,
  /**
   * The same, where what it prints goes to a file or a pipe: nobody there wants a carriage return
   * before each line feed.
   */
  TERMINAL_TO_FILE;

  boolean isTerminal() {
    return switch (this) {
      case PASSED, PIPES -> false;
      case TERMINAL, TERMINAL_TO_FILE -> true;
    };
  }
}
