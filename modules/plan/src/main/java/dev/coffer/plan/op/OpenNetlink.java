package dev.coffer.plan.op;

import dev.coffer.plan.wire.Kernel;
import dev.coffer.plan.wire.Syscall;

/**
 * Opens a socket to the kernel's network configuration (rtnetlink(7)), of the network namespace
 * that this process is in now.
 *
 * @param into slot for the socket
 */
public record OpenNetlink(Slot into, String why) implements Op {
  @Override
  public String describe() {
    return "open a netlink socket";
  }

  @Override
  public void lower(Lowering lowering) {
    lowering
        .call(
            Syscall.SOCKET,
            lowering.number(Kernel.AF_NETLINK),
            lowering.number(Kernel.SOCK_RAW | Kernel.SOCK_CLOEXEC),
            lowering.number(Kernel.NETLINK_ROUTE))
        .into(into);
  }
}
