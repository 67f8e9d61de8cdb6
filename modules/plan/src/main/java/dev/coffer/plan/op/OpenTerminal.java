package dev.coffer.plan.op;

import dev.coffer.plan.wire.Code;
import dev.coffer.plan.wire.Kernel;
import dev.coffer.plan.wire.OpenFlag;
import dev.coffer.plan.wire.Syscall;

/**
 * Makes a pseudo-terminal in the container's own devpts (pty(7)). The slave is opened through the
 * master (TIOCGPTPEER), never by a path that could lie.
 *
 * @param directory where {@code path} starts: devpts itself, or the container's root
 * @param path path of the multiplexor
 * @param master slot for the end that the monitor gets
 * @param slave slot for the container's end
 * @param rows height, 0 when unknown
 * @param columns width, 0 when unknown
 */
public record OpenTerminal(
    Slot directory, String path, Slot master, Slot slave, int rows, int columns, String why)
    implements Op {
  private static final long ANY_DEVICE = -1;

  @Override
  public String describe() {
    return "open a terminal";
  }

  @Override
  public void lower(Lowering lowering) {
    InRoot.open(lowering, directory, path, OpenFlag.READ_WRITE, OpenFlag.NO_TERMINAL).into(master);
    lowering.special(
        Code.EXPECT,
        lowering.slot(master),
        lowering.number(Kernel.DEVPTS_MAGIC),
        lowering.number(ANY_DEVICE),
        lowering.number(Kernel.S_IFCHR));
    lowering.call(
        Syscall.IOCTL,
        lowering.slot(master),
        lowering.number(Kernel.TIOCSPTLCK),
        lowering.structure().u32(0).operand());
    lowering
        .call(
            Syscall.IOCTL,
            lowering.slot(master),
            lowering.number(Kernel.TIOCGPTPEER),
            lowering.openFlags(OpenFlag.READ_WRITE, OpenFlag.NO_TERMINAL))
        .into(slave);
    if (rows > 0 && columns > 0) {
      lowering.call(
          Syscall.IOCTL,
          lowering.slot(master),
          lowering.number(Kernel.TIOCSWINSZ),
          lowering.structure().u16(rows).u16(columns).u32(0).operand());
    }
  }
}
