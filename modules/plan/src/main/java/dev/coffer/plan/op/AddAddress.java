package dev.coffer.plan.op;

import dev.coffer.plan.wire.Bytes;
import dev.coffer.plan.wire.Kernel;
import java.util.Optional;

/**
 * Gives a network device a permanent address of global scope (rtnetlink(7)).
 *
 * @param socket netlink socket of the namespace that the device is in
 * @param index its number
 * @param address 4 or 16 bytes
 * @param peer address of the other end, where it is another
 * @param broadcast 4 bytes, where it has one
 * @param text the address as people write it
 */
public record AddAddress(
    Slot socket,
    int index,
    Bytes address,
    Optional<Bytes> peer,
    int prefixLength,
    Optional<Bytes> broadcast,
    String text,
    String why)
    implements Op {
  private static final int IPV4_SIZE = 4;

  @Override
  public String describe() {
    return "give network device " + index + " the address " + text + "/" + prefixLength;
  }

  @Override
  public void lower(Lowering lowering) {
    int family = address.size() == IPV4_SIZE ? Kernel.AF_INET : Kernel.AF_INET6;
    NetlinkRequest request =
        new NetlinkRequest(Kernel.RTM_NEWADDR, Kernel.NLM_F_CREATE | Kernel.NLM_F_EXCL)
            .address(family, prefixLength, Kernel.IFA_F_PERMANENT, index)
            .attribute(Kernel.IFA_LOCAL, address)
            .attribute(Kernel.IFA_ADDRESS, peer.orElse(address));
    broadcast.ifPresent(bytes -> request.attribute(Kernel.IFA_BROADCAST, bytes));
    request.send(lowering, socket);
  }
}
