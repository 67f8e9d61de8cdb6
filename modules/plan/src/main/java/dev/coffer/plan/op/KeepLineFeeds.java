package dev.coffer.plan.op;

import dev.coffer.plan.wire.Kernel;
import dev.coffer.plan.wire.Syscall;

/**
 * Has a new terminal print a line feed as it is, and not after a carriage return (ONLCR of
 * termios(3)). All else is set to what a new terminal has in any case: {@code tty_std_termios} of
 * the kernel's drivers/tty/tty_io.c.
 *
 * @param terminal descriptor of the container's end
 */
public record KeepLineFeeds(Slot terminal, String why) implements Op {
  /** ICRNL and IXON. */
  private static final int INPUT = 0x500;

  /** OPOST. */
  private static final int OUTPUT = 0x1;

  /** B38400, CS8 and CREAD. */
  private static final int CONTROL = 0xbf;

  /** ISIG, ICANON, ECHO, ECHOE, ECHOK, ECHOCTL, ECHOKE and IEXTEN. */
  private static final int LOCAL = 0x8a3b;

  /** Line discipline and control characters, {@code INIT_C_CC}. */
  private static final int[] CHARACTERS = {
    0, 3, 034, 0177, 025, 4, 0, 1, 0, 021, 023, 032, 0, 022, 017, 027, 026, 0, 0, 0
  };

  @Override
  public String describe() {
    return "set the terminal's line ends";
  }

  @Override
  public void lower(Lowering lowering) {
    Structure settings = lowering.structure().u32(INPUT).u32(OUTPUT).u32(CONTROL).u32(LOCAL);
    for (int character : CHARACTERS) {
      settings.u8(character);
    }
    lowering.call(
        Syscall.IOCTL, lowering.slot(terminal), lowering.number(Kernel.TCSETS), settings.operand());
  }
}
