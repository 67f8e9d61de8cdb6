package dev.coffer.network.host;

import dev.coffer.network.address.InterfaceAddress;
import dev.coffer.network.driver.EndpointSpec;
import dev.coffer.network.driver.NetworkSpec;
import dev.coffer.spec.image.Digest;
import java.nio.charset.StandardCharsets;

/**
 * What the host's end of a container's device is called. It follows from what the container has to
 * itself in the network, so it is known before there is a container, and found after the engine was
 * killed.
 */
final class EndNames {
  private static final String PREFIX = "cv-";
  private static final String UNNAMED = "cn-";
  private static final int DIGITS = 11;

  private EndNames() {}

  /** What a network's bridge is called until it is set up. */
  static String ofUnnamed(NetworkSpec network) {
    return name(UNNAMED, network.id());
  }

  static String of(NetworkSpec network, EndpointSpec endpoint) {
    String own =
        endpoint.addresses().stream()
            .findFirst()
            .map(InterfaceAddress::toString)
            .orElseGet(() -> endpoint.mac().toString());
    return name(PREFIX, network.id() + " " + own);
  }

  private static String name(String prefix, String of) {
    byte[] bytes = of.getBytes(StandardCharsets.UTF_8);
    return prefix + Digest.ofBytes(bytes).hex().substring(0, DIGITS);
  }
}
