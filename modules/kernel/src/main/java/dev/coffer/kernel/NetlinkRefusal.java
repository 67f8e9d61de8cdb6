package dev.coffer.kernel;

/** Messages that were sent as one and of which the kernel refused one, and so all. */
public final class NetlinkRefusal extends KernelException {
  private static final long serialVersionUID = 1;

  private final int message;

  NetlinkRefusal(String what, int number, int message) {
    super("netlink", number, what);
    this.message = message;
  }

  /** Which one: 0 for the first. */
  public int message() {
    return message;
  }
}
