package dev.coffer.network.link;

import dev.coffer.kernel.NetlinkMessage;
import dev.coffer.kernel.NetlinkReply;
import dev.coffer.kernel.NetlinkReply.Attributes;
import dev.coffer.kernel.NetlinkRequest;
import dev.coffer.network.address.InterfaceAddress;
import dev.coffer.network.address.Subnet;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/** Requests about addresses of devices. Source: rtnetlink(7); include/uapi/linux/if_addr.h. */
public final class AddressRequests {
  private static final int NEW = 20;
  private static final int DELETE = 21;
  private static final int GET = 22;
  private static final int GET_GROUPS = 58;
  private static final int HEADER = 8;
  private static final int ADDRESS = 1;
  private static final int LOCAL = 2;
  private static final int BROADCAST = 4;
  private static final int GROUP = 7;
  private static final int FLAGS = 8;
  private static final int PREFIX_AT = 1;
  private static final int SCOPE_AT = 3;
  private static final int INDEX_AT = 4;
  private static final int GLOBAL = 0;
  private static final int WITHOUT_ASKING_NEIGHBOURS = 2;

  private AddressRequests() {}

  /**
   * An address of a device.
   *
   * @param index the device's number
   * @param address the address
   */
  public record OfDevice(int index, InterfaceAddress address) {}

  static NetlinkMessage list() {
    return NetlinkMessage.of(GET, NetlinkMessage.DUMP).fixed(new byte[HEADER]);
  }

  static NetlinkMessage listGroups() {
    byte[] header = new byte[HEADER];
    header[0] = RouteSocket.family(true);
    return NetlinkMessage.of(GET_GROUPS, NetlinkMessage.DUMP).fixed(header);
  }

  /** The group of a device's that a reply tells of; empty: it is another device's. */
  static Optional<InetAddress> readGroup(NetlinkReply reply, int index) {
    return reply.fixed().getInt(INDEX_AT) == index
        ? reply.attributes(HEADER).bytes(GROUP).map(AddressRequests::address)
        : Optional.empty();
  }

  private static InetAddress address(byte[] bytes) {
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** Whether it is one that the whole world may use, not the link or the host alone. */
  static boolean isGlobal(NetlinkReply reply) {
    return reply.fixed().get(SCOPE_AT) == GLOBAL;
  }

  static OfDevice read(NetlinkReply reply) {
    Attributes all = reply.attributes(HEADER);
    byte[] bytes = all.bytes(LOCAL).or(() -> all.bytes(ADDRESS)).orElseThrow();
    return new OfDevice(
        reply.fixed().getInt(INDEX_AT),
        new InterfaceAddress(address(bytes), Byte.toUnsignedInt(reply.fixed().get(PREFIX_AT))));
  }

  /**
   * Gives a device an address, which it may use at once: we know that nobody else has it. One that
   * it has already stays.
   */
  public static NetlinkRequest add(int index, InterfaceAddress address) {
    NetlinkMessage message =
        address(NEW, NetlinkMessage.CREATE | NetlinkMessage.REPLACE, index, address);
    if (address.isIpv6()) {
      message.putInt(FLAGS, WITHOUT_ASKING_NEIGHBOURS);
    } else if (address.prefix() < 31) {
      Subnet subnet = new Subnet(address.address(), address.prefix());
      message.put(BROADCAST, subnet.at(subnet.size().subtract(BigInteger.ONE)).getAddress());
    }
    return new NetlinkRequest("add address " + address, message);
  }

  /** Takes an address from a device. */
  public static NetlinkRequest delete(int index, InterfaceAddress address) {
    return new NetlinkRequest("delete address " + address, address(DELETE, 0, index, address));
  }

  private static NetlinkMessage address(int type, int flags, int index, InterfaceAddress address) {
    byte[] bytes = address.address().getAddress();
    return NetlinkMessage.of(type, flags)
        .fixed(RouteSocket.family(address.isIpv6()), (byte) address.prefix(), (byte) 0, (byte) 0)
        .fixedInt(index)
        .put(LOCAL, bytes)
        .put(ADDRESS, bytes);
  }
}
