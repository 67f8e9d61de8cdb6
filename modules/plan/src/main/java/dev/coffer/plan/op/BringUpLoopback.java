package dev.coffer.plan.op;

import dev.coffer.plan.wire.Linux;
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
            lowering.number(Linux.AF_INET),
            lowering.number(Linux.SOCK_DGRAM | Linux.SOCK_CLOEXEC),
            lowering.number(0))
        .into(socket);
    Structure request =
        lowering.structure().text("lo").zeros(NAME_SIZE - 2).u16(Linux.IFF_UP).zeros(22);
    lowering.call(
        Syscall.IOCTL,
        lowering.slot(socket),
        lowering.number(Linux.SIOCSIFFLAGS),
        request.operand());
    lowering.close(socket);
  }
}
