package dev.coffer.plan.wire;

/** The machines that a plan can be lowered for. */
public enum Architecture {
  X86_64(WireForm.ARCH_X86_64),
  AARCH64(WireForm.ARCH_AARCH64);

  private final int wireNumber;

  Architecture(int wireNumber) {
    this.wireNumber = wireNumber;
  }

  /** Its number in the header of a plan. */
  public int wireNumber() {
    return wireNumber;
  }

  /**
   * The machine with a name as {@code uname -m} or Java's {@code os.arch} gives it.
   *
   * @throws IllegalArgumentException for any other machine
   */
  public static Architecture of(String name) {
    return switch (name) {
      case "x86_64", "amd64" -> X86_64;
      case "aarch64", "arm64" -> AARCH64;
      default -> throw new IllegalArgumentException("not supported: machine \"" + name + "\"");
    };
  }

  static Architecture ofWireNumber(int number) {
    for (Architecture architecture : values()) {
      if (architecture.wireNumber == number) {
        return architecture;
      }
    }
    throw new MalformedPlanException("unknown architecture " + number);
  }
}
