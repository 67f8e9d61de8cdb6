package dev.coffer.plan.wire;

/**
 * One argument of an instruction.
 *
 * @param kind how the executor reads {@code value}
 * @param value an integer, a pool offset (-1 is NULL), or a slot number
 */
public record Argument(Kind kind, long value) {
  public static final Argument ZERO = new Argument(Kind.INT, 0);
  public static final Argument NULL = new Argument(Kind.POOL, -1);

  /** How the value becomes what the kernel sees. Ordinals are wire numbers. */
  public enum Kind {
    INT,
    POOL,
    SLOT
  }

  /** Whether it is the integer 0, which is what a missing argument is. */
  public boolean isZero() {
    return kind == Kind.INT && value == 0;
  }

  public static Argument number(long value) {
    return new Argument(Kind.INT, value);
  }

  public static Argument pool(int offset) {
    return new Argument(Kind.POOL, offset);
  }

  public static Argument slot(int slot) {
    return new Argument(Kind.SLOT, slot);
  }
}
