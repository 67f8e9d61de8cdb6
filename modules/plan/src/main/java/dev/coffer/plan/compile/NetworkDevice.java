package dev.coffer.plan.compile;

import dev.coffer.plan.wire.Bytes;
import java.util.List;
import java.util.Optional;

/**
 * A network device of the host that is to be moved into a container.
 *
 * @param index its number
 * @param addresses its permanent addresses of global scope, which a move takes from it
 */
public record NetworkDevice(int index, List<Address> addresses) {
  /**
   * An address.
   *
   * @param bytes 4 or 16
   * @param peer of the other end of a point-to-point link, to which the prefix then belongs
   * @param broadcast 4 bytes, where it has one
   * @param text as people write it
   */
  public record Address(
      Bytes bytes,
      Optional<Bytes> peer,
      int prefixLength,
      Optional<Bytes> broadcast,
      String text) {}

  public NetworkDevice {
    addresses = List.copyOf(addresses);
  }
}
