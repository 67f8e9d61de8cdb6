package dev.coffer.engine.state;

import dev.coffer.network.address.Subnet;
import dev.coffer.network.driver.Driver;
import dev.coffer.network.driver.InputPolicy;
import java.net.InetAddress;
import java.util.Map;
import java.util.Optional;

/**
 * The options of a network's driver, Docker's names for them where Docker has them.
 *
 * @param bridge wanted name of the bridge
 * @param parent the host's device below a macvlan or ipvlan network
 * @param mode of a macvlan or ipvlan network
 * @param mtu the largest packet in bytes; 0 for the usual
 * @param masquerade whether what leaves has the host's address
 * @param betweenContainers whether containers may talk to each other
 * @param inputPolicy whether the host's rules for what it receives decide who reaches published
 *     ports; empty for the usual
 * @param hostBinding the host's address for ports that are published without one
 * @param devicePrefix what devices in containers are called, before their number
 */
public record NetworkOptions(
    Optional<String> bridge,
    Optional<String> parent,
    Optional<String> mode,
    int mtu,
    boolean masquerade,
    boolean betweenContainers,
    Optional<InputPolicy> inputPolicy,
    Optional<InetAddress> hostBinding,
    String devicePrefix) {

  private static final String ANY_DRIVER = "com.docker.network.";
  private static final String BRIDGE = ANY_DRIVER + "bridge.";
  private static final String INPUT_POLICY = "coffer.input-policy";
  private static final String MTU = ANY_DRIVER + "driver.mtu";

  /**
   * Reads them.
   *
   * @throws IllegalArgumentException for what is unknown or malformed
   */
  public static NetworkOptions of(Driver driver, Map<String, String> options) {
    for (String name : options.keySet()) {
      if (!isKnown(driver, name)) {
        throw new IllegalArgumentException(
            "unknown option \"%s\" of driver %s".formatted(name, driver.word()));
      }
    }
    return new NetworkOptions(
        text(options, BRIDGE + "name"),
        text(options, "parent"),
        text(options, driver.word() + "_mode"),
        text(options, MTU).or(() -> text(options, "mtu")).map(NetworkOptions::number).orElse(0),
        truth(options, BRIDGE + "enable_ip_masquerade"),
        truth(options, BRIDGE + "enable_icc"),
        text(options, INPUT_POLICY).map(InputPolicy::parse),
        text(options, BRIDGE + "host_binding_ipv4").map(Subnet::parseAddress),
        text(options, ANY_DRIVER + "container_iface_prefix").orElse("eth"));
  }

  private static boolean isKnown(Driver driver, String name) {
    return switch (driver) {
      case BRIDGE ->
          switch (name) {
            case MTU,
                "mtu",
                BRIDGE + "name",
                BRIDGE + "enable_ip_masquerade",
                BRIDGE + "enable_icc",
                BRIDGE + "host_binding_ipv4",
                INPUT_POLICY,
                ANY_DRIVER + "container_iface_prefix" ->
                true;
            default -> false;
          };
      case MACVLAN, IPVLAN ->
          switch (name) {
            case MTU, "mtu", "parent", ANY_DRIVER + "container_iface_prefix" -> true;
            default -> name.equals(driver.word() + "_mode");
          };
      // Said by the engine itself, for people.
      case CNI -> true;
    };
  }

  private static Optional<String> text(Map<String, String> options, String name) {
    return Optional.ofNullable(options.get(name)).filter(value -> !value.isEmpty());
  }

  private static int number(String text) {
    try {
      return Integer.parseUnsignedInt(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("invalid mtu \"" + text + "\": not a number", e);
    }
  }

  private static boolean truth(Map<String, String> options, String name) {
    return switch (options.getOrDefault(name, "true")) {
      case "true", "1" -> true;
      case "false", "0" -> false;
      case String other ->
          throw new IllegalArgumentException(
              "invalid value \"%s\" of option \"%s\": true or false".formatted(other, name));
    };
  }
}
