package dev.coffer.runtime.host;

import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.RouteDump;
import dev.coffer.plan.compile.NetworkDevice;
import dev.coffer.plan.wire.Bytes;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
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
    List<RouteDump.Entry> addresses = RouteDump.addresses();
    for (RouteDump.Entry link : RouteDump.links()) {
      String name = text(link.attributes().get(IFLA_IFNAME));
      if (names.contains(name)) {
        int index = link.fixed().getInt(LINK_INDEX);
        devices.put(name, new NetworkDevice(index, ofDevice(addresses, index)));
      }
    }
    return devices;
  }

  private static String text(byte[] attribute) {
    return new String(attribute, 0, attribute.length - 1, StandardCharsets.UTF_8);
  }

  private static List<NetworkDevice.Address> ofDevice(List<RouteDump.Entry> entries, int index) {
    List<NetworkDevice.Address> addresses = new ArrayList<>();
    for (RouteDump.Entry entry : entries) {
      boolean wanted =
          entry.fixed().getInt(ADDRESS_INDEX) == index
              && entry.fixed().get(ADDRESS_SCOPE) == GLOBAL
              && (flags(entry) & PERMANENT) != 0;
      if (wanted) {
        addresses.add(address(entry));
      }
    }
    return addresses;
  }

  private static int flags(RouteDump.Entry entry) {
    byte[] all = entry.attributes().get(IFA_FLAGS);
    return all == null
        ? Byte.toUnsignedInt(entry.fixed().get(ADDRESS_FLAGS))
        : ByteBuffer.wrap(all).order(ByteOrder.nativeOrder()).getInt();
  }

  private static NetworkDevice.Address address(RouteDump.Entry entry) {
    byte[] shown = entry.attributes().get(IFA_ADDRESS);
    byte[] bytes = entry.attributes().getOrDefault(IFA_LOCAL, shown);
    return new NetworkDevice.Address(
        Bytes.copyOf(bytes),
        Byte.toUnsignedInt(entry.fixed().get(ADDRESS_PREFIX)),
        Optional.ofNullable(entry.attributes().get(IFA_BROADCAST)).map(Bytes::copyOf),
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
