package dev.coffer.network.link;

import dev.coffer.kernel.NetlinkMessage;
import dev.coffer.kernel.NetlinkReply;
import dev.coffer.kernel.NetlinkReply.Attributes;
import dev.coffer.kernel.NetlinkRequest;
import dev.coffer.network.address.Subnet;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/** Requests about routes. Source: rtnetlink(7); include/uapi/linux/rtnetlink.h. */
public final class RouteRequests {
  private static final int NEW = 24;
  private static final int DELETE = 25;
  private static final int GET = 26;
  private static final int HEADER = 12;
  private static final int DESTINATION = 1;
  private static final int DEVICE = 4;
  private static final int GATEWAY = 5;
  private static final int TABLE = 254;
  private static final int BY_ADMINISTRATOR = 4;
  private static final int EVERYWHERE = 0;
  private static final int LINK = 253;

  /** Whatever scope a route has that is to be removed. */
  private static final int NOWHERE = 255;

  private static final int UNICAST = 1;
  private static final int PREFIX_AT = 1;
  private static final int TABLE_AT = 4;
  private static final int TYPE_AT = 7;

  private RouteRequests() {}

  /**
   * A way that packets take.
   *
   * @param to where they go; prefix 0 for everywhere
   * @param device the number of the device by which they leave; 0 when there are several
   */
  public record Route(Subnet to, int device) {}

  static NetlinkMessage list() {
    return NetlinkMessage.of(GET, NetlinkMessage.DUMP).fixed(new byte[HEADER]);
  }

  /** Which way packets take to a host. */
  static NetlinkMessage find(InetAddress to) {
    byte[] bytes = to.getAddress();
    return NetlinkMessage.of(GET, 0)
        .fixed(
            RouteSocket.family(bytes.length == 16), (byte) (bytes.length * 8), (byte) 0, (byte) 0)
        .fixedInt(0)
        .fixedInt(0)
        .put(DESTINATION, bytes);
  }

  /** One of the main table; empty for others, such as those to the host's own addresses. */
  static Optional<Route> read(NetlinkReply reply) {
    boolean ipv6 = reply.fixed().get(0) == RouteSocket.family(true);
    boolean wanted =
        Byte.toUnsignedInt(reply.fixed().get(TABLE_AT)) == TABLE
            && reply.fixed().get(TYPE_AT) == UNICAST;
    if (!wanted) {
      return Optional.empty();
    }
    Attributes all = reply.attributes(HEADER);
    byte[] to = all.bytes(DESTINATION).orElse(new byte[ipv6 ? 16 : 4]);
    try {
      Subnet subnet =
          new Subnet(
              InetAddress.getByAddress(to), Byte.toUnsignedInt(reply.fixed().get(PREFIX_AT)));
      return Optional.of(new Route(subnet, all.integer(DEVICE).orElse(0)));
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** Has packets to everywhere go by a gateway, whatever way they took before. */
  public static NetlinkRequest everywhere(InetAddress gateway) {
    byte[] bytes = gateway.getAddress();
    return new NetlinkRequest(
        "set route by " + Subnet.text(gateway),
        header(bytes.length == 16, EVERYWHERE).put(GATEWAY, bytes));
  }

  /** Has packets to everywhere go by a device whose neighbours all are. */
  public static NetlinkRequest everywhere(boolean ipv6, int device) {
    return new NetlinkRequest(
        "set route by device", header(ipv6, ipv6 ? EVERYWHERE : LINK).putInt(DEVICE, device));
  }

  /** Has packets to everywhere not go by a device, whoever has said that they do. */
  public static NetlinkRequest notEverywhere(boolean ipv6, int device) {
    return new NetlinkRequest(
        "remove route by device",
        NetlinkMessage.of(DELETE, 0)
            .fixed(RouteSocket.family(ipv6), (byte) 0, (byte) 0, (byte) 0)
            .fixed((byte) TABLE, (byte) 0, (byte) NOWHERE, (byte) UNICAST)
            .fixedInt(0)
            .putInt(DEVICE, device));
  }

  private static NetlinkMessage header(boolean ipv6, int scope) {
    return NetlinkMessage.of(NEW, NetlinkMessage.CREATE | NetlinkMessage.REPLACE)
        .fixed(RouteSocket.family(ipv6), (byte) 0, (byte) 0, (byte) 0)
        .fixed((byte) TABLE, (byte) BY_ADMINISTRATOR, (byte) scope, (byte) UNICAST)
        .fixedInt(0);
  }
}
