package dev.coffer.runtime.protocol;

/** The slots of a plan that a monitor fills or reads; the others are the plan's own. */
public enum Slot implements Numbered {
  STDIN(0),
  STDOUT(1),
  STDERR(2),
  /** The pseudo terminal's master, which the plan delivers. */
  TERMINAL(3),
  INIT_PID(4),
  INIT_PIDFD(5),
  /** Where the descriptors of role {@link DescriptorRole#INPUT} begin. */
  FIRST_INPUT(6);

  private final int number;

  Slot(int number) {
    this.number = number;
  }

  @Override
  public int number() {
    return number;
  }
}
