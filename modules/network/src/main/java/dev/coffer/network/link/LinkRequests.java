package dev.coffer.network.link;

import dev.coffer.kernel.Fd;
import dev.coffer.kernel.NetlinkMessage;
import dev.coffer.kernel.NetlinkRequest;
import dev.coffer.network.address.MacAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Requests about devices. */
public final class LinkRequests {
  private static final int NEW = 16;
  private static final int DELETE = 17;
  private static final int GET = 18;
  private static final int MAKE = NetlinkMessage.CREATE | NetlinkMessage.EXCLUSIVE;
  private static final int UP = 1;
  private static final int AF_INET6 = 10;
  private static final int NO_ADDRESS = 1;
  private static final int SKIP_STATISTICS = 1 << 3;

  private LinkRequests() {}

  static NetlinkMessage list() {
    return header(GET, NetlinkMessage.DUMP, 0, 0)
        .putInt(LinkAttribute.EXTENDED_MASK, SKIP_STATISTICS);
  }

  static NetlinkMessage find(String name) {
    return header(GET, 0, 0, 0)
        .putText(LinkAttribute.NAME, name)
        .putInt(LinkAttribute.EXTENDED_MASK, SKIP_STATISTICS);
  }

  static NetlinkMessage find(int index) {
    return header(GET, 0, index, 0).putInt(LinkAttribute.EXTENDED_MASK, SKIP_STATISTICS);
  }

  /** A bridge. */
  public static NetlinkRequest bridge(String name, MacAddress mac) {
    return new NetlinkRequest(
        "create bridge " + name,
        header(NEW, MAKE, 0, 0)
            .putText(LinkAttribute.NAME, name)
            .put(LinkAttribute.ADDRESS, mac.bytes())
            .nest(LinkAttribute.INFO, info -> info.putText(LinkAttribute.KIND, "bridge")));
  }

  /** Sets the address of a bridge, and what it carries. */
  public static NetlinkRequest setBridge(String name, MacAddress mac, int mtu) {
    return new NetlinkRequest(
        "set up bridge " + name,
        header(NEW, 0, 0, 0)
            .putText(LinkAttribute.NAME, name)
            .put(LinkAttribute.ADDRESS, mac.bytes())
            .putInt(LinkAttribute.MTU, mtu));
  }

  /** A pair of devices, one of which is a port of a bridge here, the other one elsewhere. */
  public static NetlinkRequest veth(
      String name, int bridge, int mtu, String peer, MacAddress peerMac, Fd peerNamespace) {
    Consumer<NetlinkMessage> other =
        end ->
            end.fixed(new byte[Link.HEADER])
                .putText(LinkAttribute.NAME, peer)
                .put(LinkAttribute.ADDRESS, peerMac.bytes())
                .putInt(LinkAttribute.MTU, mtu)
                .putInt(LinkAttribute.NAMESPACE, peerNamespace.number());
    return new NetlinkRequest(
        "create devices " + name + " and " + peer,
        header(NEW, MAKE, 0, 0)
            .putText(LinkAttribute.NAME, name)
            .putInt(LinkAttribute.MTU, mtu)
            .putInt(LinkAttribute.MASTER, bridge)
            .nest(
                LinkAttribute.INFO,
                info ->
                    info.putText(LinkAttribute.KIND, "veth")
                        .nest(LinkAttribute.DATA, data -> data.nest(LinkAttribute.PEER, other))));
  }

  /**
   * Marks a port of a bridge as ours, and says how it passes packets on.
   *
   * @param isolated whether it exchanges none with other such ports
   * @param ipv6 whether there is IPv6 on the device, which it then gets no address of
   */
  public static NetlinkRequest port(String name, String alias, boolean isolated, boolean ipv6) {
    NetlinkMessage message =
        header(NEW, 0, 0, 0)
            .putText(LinkAttribute.NAME, name)
            .put(LinkAttribute.ALIAS, text(alias))
            .nest(
                LinkAttribute.INFO,
                info ->
                    info.putText(LinkAttribute.PORT_KIND, "bridge")
                        .nest(
                            LinkAttribute.PORT_DATA,
                            data ->
                                data.putByte(LinkAttribute.HAIRPIN, 1)
                                    .putByte(LinkAttribute.ISOLATED, isolated ? 1 : 0)));
    if (ipv6) {
      message.nest(LinkAttribute.FAMILIES, LinkRequests::withoutOwnAddress);
    }
    return new NetlinkRequest("set up port " + name, message);
  }

  /** Nobody speaks to a port of a bridge, so it wants no address of its own. */
  private static void withoutOwnAddress(NetlinkMessage families) {
    families.nest(AF_INET6, family -> family.putByte(LinkAttribute.ADDRESS_GENERATION, NO_ADDRESS));
  }

  /** A device with an address of its own on another device. */
  public static NetlinkRequest macvlan(String name, int parent, MacAddress mac, MacvlanMode mode) {
    return on(
        name,
        parent,
        "macvlan",
        message -> message.put(LinkAttribute.ADDRESS, mac.bytes()),
        data -> data.putInt(LinkAttribute.MODE, mode.number()));
  }

  /** A device that shares the address of another device. */
  public static NetlinkRequest ipvlan(String name, int parent, IpvlanMode mode) {
    return on(
        name, parent, "ipvlan", _ -> {}, data -> data.putShort(LinkAttribute.MODE, mode.number()));
  }

  private static NetlinkRequest on(
      String name,
      int parent,
      String kind,
      Consumer<NetlinkMessage> more,
      Consumer<NetlinkMessage> data) {
    NetlinkMessage message =
        header(NEW, MAKE, 0, 0)
            .putText(LinkAttribute.NAME, name)
            .putInt(LinkAttribute.LINK, parent);
    more.accept(message);
    message.nest(
        LinkAttribute.INFO,
        info -> info.putText(LinkAttribute.KIND, kind).nest(LinkAttribute.DATA, data));
    return new NetlinkRequest("create " + kind + " device " + name, message);
  }

  /** Moves a device to another namespace. */
  public static NetlinkRequest move(String name, Fd namespace) {
    return new NetlinkRequest(
        "move device " + name,
        header(NEW, 0, 0, 0)
            .putText(LinkAttribute.NAME, name)
            .putInt(LinkAttribute.NAMESPACE, namespace.number()));
  }

  /** Gives a device another name. */
  public static NetlinkRequest rename(int index, String name) {
    return new NetlinkRequest(
        "name device " + name, header(NEW, 0, index, 0).putText(LinkAttribute.NAME, name));
  }

  /** Sets what a device carries. */
  public static NetlinkRequest mtu(String name, int mtu) {
    return new NetlinkRequest(
        "set mtu of device " + name,
        header(NEW, 0, 0, 0).putText(LinkAttribute.NAME, name).putInt(LinkAttribute.MTU, mtu));
  }

  /** Notes on a device whose it is. */
  public static NetlinkRequest mark(String name, String alias) {
    return new NetlinkRequest(
        "mark device " + name,
        header(NEW, 0, 0, 0)
            .putText(LinkAttribute.NAME, name)
            .put(LinkAttribute.ALIAS, text(alias)));
  }

  /** Has a device work. */
  public static NetlinkRequest up(String name) {
    return new NetlinkRequest(
        "set up device " + name, header(NEW, 0, 0, UP).putText(LinkAttribute.NAME, name));
  }

  /**
   * Has the kernel act upon what it has heard of a device, such as that the other end works now; by
   * itself it does so later. Kernels before 6.8 answer and do nothing.
   */
  public static NetlinkRequest settle(int index) {
    return new NetlinkRequest("look at device " + index, find(index));
  }

  /** Likewise. */
  public static NetlinkRequest settle(String name) {
    return new NetlinkRequest("look at device " + name, find(name));
  }

  /** Removes a device, with the other end if it is one of a pair. */
  public static NetlinkRequest delete(String name) {
    return new NetlinkRequest(
        "delete device " + name, header(DELETE, 0, 0, 0).putText(LinkAttribute.NAME, name));
  }

  /** Removes a device. */
  public static NetlinkRequest delete(int index) {
    return new NetlinkRequest("delete device " + index, header(DELETE, 0, index, 0));
  }

  private static byte[] text(String alias) {
    return alias.getBytes(StandardCharsets.UTF_8);
  }

  /** {@code struct ifinfomsg}. */
  private static NetlinkMessage header(int type, int flags, int index, int set) {
    ByteBuffer header = ByteBuffer.allocate(Link.HEADER).order(ByteOrder.nativeOrder());
    header.putInt(0).putInt(index).putInt(set).putInt(set);
    return NetlinkMessage.of(type, flags).fixed(header.array());
  }
}
