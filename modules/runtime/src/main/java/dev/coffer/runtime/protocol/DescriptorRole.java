package dev.coffer.runtime.protocol;

import java.util.Optional;

/** What a descriptor that comes with a frame to the monitor is for. */
public enum DescriptorRole implements Numbered {
  /** The sealed memfd with the plan. */
  PLAN(1),
  /** The container's directory: log and exit record. */
  STATE_DIR(2),
  /** Where the lock and the socket of the monitor are. */
  RUN_DIR(3),
  /** A connected socket: the other end is an attached client. */
  CLIENT(4),
  CLIENT_STDIN(5),
  CLIENT_STDOUT(6),
  CLIENT_STDERR(7),
  /** The file that keeps a plan's status page when the process that ran it has gone. */
  REPORT(8),
  /** Fills the plan's next input slot. */
  INPUT(16);

  private final int number;

  DescriptorRole(int number) {
    this.number = number;
  }

  @Override
  public int number() {
    return number;
  }

  /** The constant of that number; empty for one that this version does not know. */
  public static Optional<DescriptorRole> of(int number) {
    return Numbered.find(values(), number);
  }
}
