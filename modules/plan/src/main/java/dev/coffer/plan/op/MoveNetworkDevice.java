package dev.coffer.plan.op;

import dev.coffer.plan.wire.Errno;
import dev.coffer.plan.wire.Kernel;

/**
 * Moves a network device into another network namespace and names it there (rtnetlink(7)). It keeps
 * its number, so that what follows is about this very device.
 *
 * @param socket netlink socket of the namespace that it is in
 * @param name its name there
 * @param index its number
 * @param target descriptor of the network namespace
 * @param newName its name then, perhaps with {@code %d}
 */
public record MoveNetworkDevice(
    Slot socket, String name, int index, Slot target, String newName, String why) implements Op {
  @Override
  public String describe() {
    return "move network device \"" + name + "\" into the container as \"" + newName + "\"";
  }

  @Override
  public String cause(Errno error) {
    return switch (error) {
      case EEXIST -> "the container has a device of that name";
      case EBUSY -> "the container has a device of the same number";
      case ENODEV -> "the host has no such device any more";
      case EINVAL -> "the device cannot be moved";
      default -> error.text();
    };
  }

  @Override
  public void lower(Lowering lowering) {
    new NetlinkRequest(Kernel.RTM_NEWLINK, 0)
        .link(index, 0)
        .descriptor(Kernel.IFLA_NET_NS_FD, target)
        .text(Kernel.IFLA_IFNAME, newName)
        .number(Kernel.IFLA_NEW_IFINDEX, index)
        .send(lowering, socket);
  }
}
