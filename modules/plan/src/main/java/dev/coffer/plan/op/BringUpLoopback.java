package dev.coffer.plan.op;

import dev.coffer.plan.wire.Kernel;
import dev.coffer.plan.wire.Syscall;

/** Brings up {@code lo} in a new network namespace (netdevice(7)). */
public record BringUpLoopback(String why) implements Op {
  private static final int NAME_SIZE = 16;

  @Override
  public String describe() {
    return "bring up the loopback interface";
  }

  @Override
  public void lower(Lowering lowering) {
    Slot socket = lowering.scratch(0);
    lowering
        .call(
            Syscall.SOCKET,
            lowering.number(Kernel.AF_INET),
            lowering.number(Kernel.SOCK_DGRAM | Kernel.SOCK_CLOEXEC),
            lowering.number(0))
        .into(socket);
    Structure request =
        lowering.structure().text("lo").zeros(NAME_SIZE - 2).u16(Kernel.IFF_UP).zeros(22);
    lowering.call(
        Syscall.IOCTL,
        lowering.slot(socket),
        lowering.number(Kernel.SIOCSIFFLAGS),
        request.operand());
    lowering.close(socket);
  }
}
