package dev.coffer.network.firewall;

import dev.coffer.network.address.Subnet;
import java.util.List;

/**
 * What the packet filter has to know of a bridge.
 *
 * @param device the bridge's device, such as {@code coffer0}
 * @param subnets its addresses
 * @param internal whether nothing may pass between it and anything but the host itself
 * @param masquerade whether what leaves it for other hosts has the host's own address
 * @param betweenContainers whether its containers may talk to each other
 * @param hostDecides whether the host's own rules for what it receives decide who reaches ports
 *     that lead into it
 */
public record BridgeRules(
    String device,
    List<Subnet> subnets,
    boolean internal,
    boolean masquerade,
    boolean betweenContainers,
    boolean hostDecides) {
  public BridgeRules {
    subnets = List.copyOf(subnets);
  }
}
