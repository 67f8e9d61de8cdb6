package dev.coffer.network.nft;

/**
 * Where packets come into a chain.
 *
 * @param kind what it may do
 * @param point where on a packet's way it is asked
 * @param priority whether earlier (lower) or later than others at the same point
 */
public record Hook(Kind kind, Point point, int priority) {

  /** Before connections are tracked. */
  public static final int RAW = -300;

  /** Where destinations are rewritten. */
  public static final int DESTINATION_NAT = -100;

  /** Where packets are filtered. */
  public static final int FILTER = 0;

  /** Where sources are rewritten. */
  public static final int SOURCE_NAT = 100;

  /** What a chain may do. */
  public enum Kind {
    FILTER("filter"),
    NAT("nat");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    String word() {
      return word;
    }
  }

  /** Points on a packet's way ({@code NF_INET_*}). */
  public enum Point {
    PREROUTING(0),
    INPUT(1),
    FORWARD(2),
    OUTPUT(3),
    POSTROUTING(4);

    private final int number;

    Point(int number) {
      this.number = number;
    }

    int number() {
      return number;
    }

    /** Whether this is the point of a number of the kernel's. */
    public boolean is(int hook) {
      return number == hook;
    }
  }
}
