package dev.coffer.network.driver;

import dev.coffer.network.address.Subnet;
import java.net.InetAddress;
import java.util.Optional;

/**
 * Addresses of one kind in a network.
 *
 * @param subnet all of them
 * @param gateway where what goes elsewhere is sent; a bridge has this address itself
 * @param given the part of the subnet out of which containers are given addresses; empty: all of it
 */
public record AddressRange(Subnet subnet, InetAddress gateway, Optional<Subnet> given) {
  public AddressRange {
    if (!subnet.contains(gateway)) {
      throw new IllegalArgumentException(
          "invalid gateway \"%s\": not in subnet %s".formatted(Subnet.text(gateway), subnet));
    }
    if (given.isPresent() && !isPart(given.get(), subnet)) {
      throw new IllegalArgumentException(
          "invalid range \"%s\": not in subnet %s".formatted(given.get(), subnet));
    }
  }

  private static boolean isPart(Subnet part, Subnet of) {
    return part.prefix() >= of.prefix() && of.contains(part.address());
  }
}
