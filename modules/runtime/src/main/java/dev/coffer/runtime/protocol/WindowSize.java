package dev.coffer.runtime.protocol;

/** The size of a terminal in characters, each 0 (unknown) to 65535. */
public record WindowSize(int rows, int columns) {
  /** No terminal, or one that does not tell. */
  public static final WindowSize UNKNOWN = new WindowSize(0, 0);

  public WindowSize {
    if (rows < 0 || rows > 0xffff || columns < 0 || columns > 0xffff) {
      throw new IllegalArgumentException("window size out of range: " + rows + "x" + columns);
    }
  }
}
