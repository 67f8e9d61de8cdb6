package dev.coffer.runtime.protocol;

/** Which of a container's streams a client takes part in. */
public record Attach(boolean stdin, boolean stdout, boolean stderr) {
  static final int STDIN = 1;
  static final int STDOUT = 2;
  static final int STDERR = 4;

  /** All three. */
  public static final Attach ALL = new Attach(true, true, true);

  /** The bits on the wire. */
  public int bits() {
    return (stdin ? STDIN : 0) | (stdout ? STDOUT : 0) | (stderr ? STDERR : 0);
  }

  /** From the bits on the wire; others are ignored. */
  public static Attach of(int bits) {
    return new Attach((bits & STDIN) != 0, (bits & STDOUT) != 0, (bits & STDERR) != 0);
  }
}
