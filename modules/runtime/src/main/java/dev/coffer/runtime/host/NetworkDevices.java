package dev.coffer.runtime.host;

import dev.coffer.kernel.Fd;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.Namespaces;
import dev.coffer.kernel.NetlinkMessage;
import dev.coffer.kernel.NetlinkReply;
import dev.coffer.kernel.NetlinkReply.Attributes;
import dev.coffer.kernel.NetlinkSocket;
import dev.coffer.kernel.OtherThread;
import dev.coffer.plan.compile.NetworkDevice;
import dev.coffer.plan.wire.Bytes;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a plan has to know of network devices that it moves, as they are in the network namespace of
 * the calling thread: their numbers, and their permanent addresses of global scope.
 */
public final class NetworkDevices {
  private static final int GET_LINK = 18;
  private static final int GET_ADDRESS = 22;
  private static final int LINK_SIZE = 16;
  private static final int ADDRESS_SIZE = 8;
  private static final int LINK_INDEX = 4;
  private static final int IFLA_IFNAME = 3;
  private static final int ADDRESS_PREFIX = 1;
  private static final int ADDRESS_FLAGS = 2;
  private static final int ADDRESS_SCOPE = 3;
  private static final int ADDRESS_INDEX = 4;
  private static final int IFA_ADDRESS = 1;
  private static final int IFA_LOCAL = 2;
  private static final int IFA_BROADCAST = 4;
  private static final int IFA_FLAGS = 8;
  private static final int PERMANENT = 0x80;
  private static final int GLOBAL = 0;

  private NetworkDevices() {}

  /** The devices of these names; one that is not there is left out. */
  public static Map<String, NetworkDevice> describe(Collection<String> names)
      throws KernelException {
    Map<String, NetworkDevice> devices = new LinkedHashMap<>();
    if (names.isEmpty()) {
      return devices;
    }
    try (NetlinkSocket socket = NetlinkSocket.open(NetlinkSocket.ROUTE)) {
      List<NetlinkReply> addresses = list(socket, "list addresses", GET_ADDRESS, ADDRESS_SIZE);
      for (NetlinkReply link : list(socket, "list devices", GET_LINK, LINK_SIZE)) {
        String name = link.attributes(LINK_SIZE).text(IFLA_IFNAME).orElse("");
        if (names.contains(name)) {
          int index = link.fixed().getInt(LINK_INDEX);
          devices.put(name, new NetworkDevice(index, ofDevice(addresses, index)));
        }
      }
    }
    return devices;
  }

  /**
   * The same in another network namespace, which a thread of its own enters.
   *
   * @throws IOException also where that namespace may not be entered
   */
  public static Map<String, NetworkDevice> describe(Collection<String> names, Fd namespace)
      throws IOException {
    try {
      return OtherThread.call(
          "network-devices",
          () -> {
            Namespaces.enter(namespace, Namespaces.NETWORK);
            return describe(names);
          });
    } catch (IOException e) {
      throw new IOException("cannot look at network devices: " + e.getMessage(), e);
    }
  }

  private static List<NetlinkReply> list(NetlinkSocket socket, String what, int type, int header)
      throws KernelException {
    return socket.query(what, NetlinkMessage.of(type, NetlinkMessage.DUMP).fixed(new byte[header]));
  }

  private static List<NetworkDevice.Address> ofDevice(List<NetlinkReply> all, int index) {
    List<NetworkDevice.Address> addresses = new ArrayList<>();
    for (NetlinkReply reply : all) {
      Attributes attributes = reply.attributes(ADDRESS_SIZE);
      boolean wanted =
          reply.fixed().getInt(ADDRESS_INDEX) == index
              && reply.fixed().get(ADDRESS_SCOPE) == GLOBAL
              && (flags(reply, attributes) & PERMANENT) != 0;
      if (wanted) {
        addresses.add(address(reply, attributes));
      }
    }
    return addresses;
  }

  private static int flags(NetlinkReply reply, Attributes attributes) {
    return attributes
        .integer(IFA_FLAGS)
        .orElseGet(() -> Byte.toUnsignedInt(reply.fixed().get(ADDRESS_FLAGS)));
  }

  private static NetworkDevice.Address address(NetlinkReply reply, Attributes attributes) {
    byte[] address =
        attributes.bytes(IFA_ADDRESS).or(() -> attributes.bytes(IFA_LOCAL)).orElseThrow();
    byte[] bytes = attributes.bytes(IFA_LOCAL).orElse(address);
    boolean hasPeer = !Arrays.equals(address, bytes);
    return new NetworkDevice.Address(
        Bytes.copyOf(bytes),
        hasPeer ? Optional.of(Bytes.copyOf(address)) : Optional.empty(),
        Byte.toUnsignedInt(reply.fixed().get(ADDRESS_PREFIX)),
        attributes.bytes(IFA_BROADCAST).map(Bytes::copyOf),
        spelled(bytes));
  }

  private static String spelled(byte[] bytes) {
    try {
      return InetAddress.getByAddress(bytes).getHostAddress();
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an address of " + bytes.length + " bytes", e);
    }
  }
}
