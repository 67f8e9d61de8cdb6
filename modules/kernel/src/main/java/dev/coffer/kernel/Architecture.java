package dev.coffer.kernel;

/** What differs between the two machines Coffer runs on. */
final class Architecture {
  static final boolean IS_AARCH64 = "aarch64".equals(System.getProperty("os.arch"));

  private Architecture() {}

  static int choose(int x86, int aarch64) {
    return IS_AARCH64 ? aarch64 : x86;
  }
}
