package dev.coffer.plan.wire;

/** Flags of open(2). Some have other values on aarch64 (asm-generic/fcntl.h, arm64's fcntl.h). */
public enum OpenFlag {
  WRITE_ONLY(01, 01),
  READ_WRITE(02, 02),
  CREATE(0100, 0100),
  EXCLUSIVE(0200, 0200),
  NO_TERMINAL(0400, 0400),
  APPEND(02000, 02000),
  NON_BLOCKING(04000, 04000),
  DIRECTORY(0200000, 040000),
  NO_FOLLOW(0400000, 0100000),
  CLOSE_ON_EXEC(02000000, 02000000),
  PATH(010000000, 010000000);

  private final int x86;
  private final int aarch64;

  OpenFlag(int x86, int aarch64) {
    this.x86 = x86;
    this.aarch64 = aarch64;
  }

  /** Its bits on a machine. */
  public int value(Architecture architecture) {
    return switch (architecture) {
      case X86_64 -> x86;
      case AARCH64 -> aarch64;
    };
  }

  /** All of {@code flags} together. */
  public static long combine(Architecture architecture, OpenFlag... flags) {
    long value = 0;
    for (OpenFlag flag : flags) {
      value |= flag.value(architecture);
    }
    return value;
  }
}
