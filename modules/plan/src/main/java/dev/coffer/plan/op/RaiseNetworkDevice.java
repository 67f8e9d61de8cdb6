package dev.coffer.plan.op;

import dev.coffer.plan.wire.Kernel;

/**
 * Sets a network device up (rtnetlink(7)).
 *
 * @param socket netlink socket of the namespace that it is in
 * @param index its number
 */
public record RaiseNetworkDevice(Slot socket, int index, String why) implements Op {
  @Override
  public String describe() {
    return "set network device " + index + " up";
  }

  @Override
  public void lower(Lowering lowering) {
    new NetlinkRequest(Kernel.RTM_NEWLINK, 0).link(index, Kernel.IFF_UP).send(lowering, socket);
  }
}
