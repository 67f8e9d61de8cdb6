package dev.coffer.engine.state;

import dev.coffer.network.address.Subnet;
import dev.coffer.network.driver.AddressRange;
import dev.coffer.network.driver.Driver;
import dev.coffer.network.driver.NetworkSpec;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a network is: the content of {@code networks/<id>/network.json}. Written once.
 *
 * @param version of this record's form, {@link #VERSION}
 * @param id 64 hexadecimal digits
 * @param device the bridge's name on the host; empty for other drivers
 * @param parent the host's device below a macvlan or ipvlan network
 * @param ipv4 whether it has IPv4 addresses
 * @param ipv6 whether it has IPv6 addresses
 * @param attachable kept for those who read it
 * @param options the driver's, as they were given
 */
public record NetworkRecord(
    int version,
    String id,
    String name,
    Instant created,
    Driver driver,
    String device,
    Optional<String> parent,
    List<Range> ranges,
    boolean ipv4,
    boolean ipv6,
    boolean internal,
    boolean attachable,
    Map<String, String> options,
    Map<String, String> labels) {

  /** The form that this engine writes. */
  public static final int VERSION = 1;

  /**
   * Addresses of one kind.
   *
   * @param subnet {@code ADDRESS/PREFIX}
   * @param gateway the network's own address
   * @param given the part from which addresses are given out; empty: all of it
   * @param auxiliary names of addresses that are others'
   */
  public record Range(
      String subnet, String gateway, Optional<String> given, Map<String, String> auxiliary) {

    AddressRange spec() {
      return new AddressRange(
          Subnet.parse(subnet), Subnet.parseAddress(gateway), given.map(Subnet::parse));
    }
  }

  /** The first twelve digits of the id. */
  public String shortId() {
    return id.substring(0, 12);
  }

  /**
   * As the driver takes it.
   *
   * @throws IllegalArgumentException that says what the driver cannot do
   */
  public NetworkSpec spec() {
    NetworkOptions known = NetworkOptions.of(driver, options);
    return new NetworkSpec(
        id,
        name,
        driver,
        device,
        parent,
        ranges.stream().map(Range::spec).toList(),
        internal,
        known.masquerade(),
        known.betweenContainers(),
        known.inputPolicy(),
        known.mtu(),
        known.mode());
  }
}
