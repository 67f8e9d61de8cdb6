package dev.coffer.network.driver;

import dev.coffer.network.address.Subnet;
import dev.coffer.network.firewall.BridgeRules;
import dev.coffer.network.link.IpvlanMode;
import dev.coffer.network.link.MacvlanMode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * A network as the engine's records say it.
 *
 * @param id 64 hexadecimal digits
 * @param name what users call it, for errors
 * @param driver how it connects containers
 * @param device the bridge's device; of the others nothing has this name
 * @param parent the host's device below a macvlan or ipvlan network; empty for a bridge
 * @param ranges its addresses: of a bridge one or more, of each kind at most as many as wanted
 * @param internal whether nothing may pass between it and anything but the host
 * @param masquerade whether what leaves a bridge for other hosts has the host's address
 * @param betweenContainers whether its containers may talk to each other
 * @param inputPolicy whether the host's rules decide who reaches ports that lead into a bridge;
 *     empty for the usual
 * @param mtu the largest packet in bytes; 0 for the usual
 * @param mode how a macvlan network (bridge, private, vepa, passthru) or an ipvlan network (l2, l3,
 *     l3s) connects; empty for the usual, and for a bridge
 */
public record NetworkSpec(
    String id,
    String name,
    Driver driver,
    String device,
    Optional<String> parent,
    List<AddressRange> ranges,
    boolean internal,
    boolean masquerade,
    boolean betweenContainers,
    Optional<InputPolicy> inputPolicy,
    int mtu,
    Optional<String> mode) {
  /** On a device that carries less, there is no IPv6. Source: RFC 8200, section 5. */
  public static final int SMALLEST_IPV6_MTU = 1280;

  private static final int LONGEST_DEVICE = 15;
  private static final int SMALLEST_MTU = 68;
  private static final int LARGEST_MTU = 65_535;

  public NetworkSpec {
    ranges = List.copyOf(ranges);
    switch (driver) {
      case BRIDGE -> {
        requireDevice(device);
        if (ranges.isEmpty()) {
          throw new IllegalArgumentException("network \"" + name + "\" has no subnet");
        }
      }
      case MACVLAN, IPVLAN -> {
        if (parent.isEmpty()) {
          throw new IllegalArgumentException(
              "network \"%s\" has no parent: %s wants a device of the host"
                  .formatted(name, driver.word()));
        }
        mode.ifPresent(
            word -> {
              var _ = driver == Driver.IPVLAN ? IpvlanMode.parse(word) : MacvlanMode.parse(word);
            });
      }
      case CNI -> {
        // Its plugins know all the rest.
      }
    }
    parent.ifPresent(NetworkSpec::requireDevice);
    if (mtu != 0 && (mtu < SMALLEST_MTU || mtu > LARGEST_MTU)) {
      throw new IllegalArgumentException(
          "invalid mtu %d: %d to %d".formatted(mtu, SMALLEST_MTU, LARGEST_MTU));
    }
    boolean six = ranges.stream().anyMatch(range -> range.subnet().isIpv6());
    if (six && mtu != 0 && mtu < SMALLEST_IPV6_MTU) {
      throw new IllegalArgumentException(
          "invalid mtu %d: IPv6 wants %d or more".formatted(mtu, SMALLEST_IPV6_MTU));
    }
  }

  /** Source: {@code dev_valid_name} of net/core/dev.c. */
  private static void requireDevice(String name) {
    boolean valid =
        !name.isEmpty()
            && !name.equals(".")
            && !name.equals("..")
            && name.getBytes(StandardCharsets.UTF_8).length <= LONGEST_DEVICE
            && name.chars().noneMatch(c -> c <= ' ' || c == '/' || c == ':' || c == 0x7f);
    if (!valid) {
      throw new IllegalArgumentException("invalid device name \"" + name + "\"");
    }
  }

  /** Whether it has IPv6 addresses. */
  public boolean hasIpv6() {
    return ranges.stream().anyMatch(range -> range.subnet().isIpv6());
  }

  /**
   * What the packet filter has to know of it, when it is a bridge.
   *
   * @param usual where nothing is said of this one
   */
  public BridgeRules rules(InputPolicy usual) {
    List<Subnet> subnets = ranges.stream().map(AddressRange::subnet).toList();
    boolean hostDecides = inputPolicy.orElse(usual) == InputPolicy.ASK;
    return new BridgeRules(device, subnets, internal, masquerade, betweenContainers, hostDecides);
  }
}
