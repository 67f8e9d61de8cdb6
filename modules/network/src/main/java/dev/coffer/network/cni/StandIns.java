package dev.coffer.network.cni;

import dev.coffer.kernel.Fd;
import dev.coffer.network.address.InterfaceAddress;
import dev.coffer.network.address.MacAddress;
import dev.coffer.network.link.AddressRequests;
import dev.coffer.network.link.LinkRequests;
import dev.coffer.network.link.RouteSocket;
import dev.coffer.network.namespace.NamespaceThread;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Makes namespaces that stand in for those of containers which have gone. Plugins such as bridge
 * and ptp read the container's addresses off its device to know which rules of the packet filter
 * they have to remove, and leave them for ever when they are shown no namespace.
 */
@FunctionalInterface
public interface StandIns {

  /** A namespace with what is remembered of the container's device; empty: there is none. */
  Optional<Fd> of(Remembered place) throws IOException;

  /** Those that a thread makes. */
  static StandIns by(NamespaceThread thread) {
    return place -> {
      String device = place.attachment().device();
      List<InterfaceAddress> addresses =
          place.result().map(result -> result.addresses(device)).orElse(List.of());
      return addresses.isEmpty() ? Optional.empty() : Optional.of(make(thread, device, addresses));
    };
  }

  private static Fd make(NamespaceThread thread, String device, List<InterfaceAddress> addresses)
      throws IOException {
    Fd namespace = thread.create();
    try (RouteSocket inside = thread.in(namespace, RouteSocket::open)) {
      // Of all kinds of devices a bridge is the one that needs no other.
      inside.apply(LinkRequests.bridge(device, MacAddress.of(addresses.getFirst().address())));
      int index = inside.index(device);
      for (InterfaceAddress each : addresses) {
        inside.apply(AddressRequests.add(index, each));
      }
      return namespace;
    } catch (IOException | RuntimeException e) {
      namespace.close();
      throw e;
    }
  }
}
