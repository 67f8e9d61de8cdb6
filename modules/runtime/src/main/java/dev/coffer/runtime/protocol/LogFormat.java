package dev.coffer.runtime.protocol;

import java.util.Optional;

/** How the monitor writes the log. */
public enum LogFormat implements Numbered {
  /** No log. */
  NONE(0),
  /** Docker's: one JSON object for each line. */
  JSON_FILE(1),
  /** The kubelet's text format. */
  CRI(2);

  private final int number;

  LogFormat(int number) {
    this.number = number;
  }

  @Override
  public int number() {
    return number;
  }

  /** The constant of that number; empty for one that this version does not know. */
  public static Optional<LogFormat> of(int number) {
    return Numbered.find(values(), number);
  }
}
