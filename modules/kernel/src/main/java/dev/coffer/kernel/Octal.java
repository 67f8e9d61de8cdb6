package dev.coffer.kernel;

/** A mode as a failure's message shows it. */
record Octal(int mode) {
  @Override
  public String toString() {
    return "0" + Integer.toOctalString(mode);
  }
}
