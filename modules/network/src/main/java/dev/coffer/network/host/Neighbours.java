package dev.coffer.network.host;

import dev.coffer.kernel.KernelException;
import dev.coffer.network.address.InterfaceAddress;
import dev.coffer.network.link.RouteSocket;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/**
 * Whether neighbours are heard who ask for an IPv6 address. They ask a multicast group, which the
 * kernel joins behind the request that gives the address, in a worker that wants the lock of all
 * devices: usually within a millisecond, and later while many come and go. A question that is asked
 * before is lost, and asked again after a second.
 *
 * <p>Source: RFC 4291, section 2.7.1; addrconf_dad_work in the kernel's net/ipv6/addrconf.c.
 */
final class Neighbours {
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final Duration GLANCE = Duration.ofNanos(200_000);

  /** {@code ff02::1:ff00:0}, whose last three bytes are the address's. */
  private static final byte[] ASKED = {
    (byte) 0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, (byte) 0xff, 0, 0, 0
  };

  private static final int OWN_BYTES = 3;

  private Neighbours() {}

  /** Waits until a device hears them; not for ever: it will some time. */
  static void await(RouteSocket socket, int index, Collection<InterfaceAddress> addresses)
      throws KernelException {
    Set<InetAddress> wanted =
        addresses.stream()
            .filter(InterfaceAddress::isIpv6)
            .map(each -> group(each.address()))
            .collect(Collectors.toSet());
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!wanted.isEmpty()
        && !socket.groups(index).containsAll(wanted)
        && System.nanoTime() - deadline < 0) {
      LockSupport.parkNanos(GLANCE.toNanos());
    }
  }

  private static InetAddress group(InetAddress address) {
    byte[] group = ASKED.clone();
    byte[] bytes = address.getAddress();
    int from = bytes.length - OWN_BYTES;
    System.arraycopy(bytes, from, group, from, OWN_BYTES);
    try {
      return InetAddress.getByAddress(group);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
