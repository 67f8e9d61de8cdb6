package dev.coffer.network.firewall;

import static dev.coffer.network.nft.DataType.DEVICE_NAME;
import static dev.coffer.network.nft.DataType.IPV4_ADDRESS;
import static dev.coffer.network.nft.DataType.IPV6_ADDRESS;
import static dev.coffer.network.nft.DataType.PORT;
import static dev.coffer.network.nft.DataType.PROTOCOL;

import dev.coffer.network.address.Subnet;
import dev.coffer.network.nft.Chain;
import dev.coffer.network.nft.DataType;
import dev.coffer.network.nft.Element;
import dev.coffer.network.nft.Family;
import dev.coffer.network.nft.Field;
import dev.coffer.network.nft.Hook;
import dev.coffer.network.nft.Hook.Kind;
import dev.coffer.network.nft.Hook.Point;
import dev.coffer.network.nft.NamedSet;
import dev.coffer.network.nft.Rule;
import dev.coffer.network.nft.Transaction;
import dev.coffer.network.nft.Value;
import java.util.List;

/**
 * What stands in the table whatever there is on the host: chains and rules that ask sets and maps,
 * so that a network or a port is a few elements and costs a packet the same among a thousand.
 */
final class Layout {
  /** All bridges. */
  static final String BRIDGES = "bridges";

  /** Bridges that nothing but the host may be reached from. */
  static final String INTERNAL = "internal";

  /** Bridges whose containers have the host's address elsewhere. */
  static final String MASQUERADED = "masqueraded";

  /** Each bridge with itself: the way from a bridge back into it. */
  static final String WITHIN = "within";

  /** Of these the ones that are open to all packets. */
  static final String OPEN = "open";

  /** Bridges, and the chains that know their subnets. */
  static final String HAIRPIN = "hairpin";

  /** Ports of one address of the host. */
  static final String PORTS_IPV4 = "ports4";

  static final String PORTS_IPV6 = "ports6";

  /** Ports of all addresses of the host. */
  static final String ANY_PORTS_IPV4 = "anyports4";

  static final String ANY_PORTS_IPV6 = "anyports6";

  /** Devices of containers that are no bridges of ours; there only where there is a restriction. */
  static final String OTHERS = "others";

  private static final String GUARD = "guard";
  private static final String INCOMING = "incoming";
  private static final String OUTGOING = "outgoing";
  private static final String FORWARD = "forward";
  private static final String LEAVING = "leaving";
  private static final String ELSEWHERE = "elsewhere";

  /** Bridges that the host had before it passed packets on. */
  private static final String LINKS = "links";

  /** Each of these with itself: where bridges filter, packets that stay in one come by, too. */
  private static final String WITHIN_LINKS = "withinlinks";

  private static final Value BRIDGE = Value.ofDevice("bridge");

  private static final Subnet LOOPBACK = Subnet.parse("127.0.0.0/8");
  private static final Subnet LOOPBACK_IPV6 = Subnet.parse("::1/128");
  private static final Subnet LINK_IPV6 = Subnet.parse("fe80::/10");

  private Layout() {}

  /** Puts all of it into an empty table. */
  static void write(Transaction to) {
    sets(to);
    chains(to);
    guard(to);
    destinations(to);
    forward(to);
    sources(to);
  }

  private static void sets(Transaction to) {
    for (String name : List.of(BRIDGES, INTERNAL, MASQUERADED)) {
      to.add(new NamedSet(name, List.of(DEVICE_NAME), new NamedSet.Keys()));
    }
    for (String name : List.of(WITHIN, OPEN)) {
      to.add(new NamedSet(name, List.of(DEVICE_NAME, DEVICE_NAME), new NamedSet.Keys()));
    }
    to.add(new NamedSet(HAIRPIN, List.of(DEVICE_NAME), new NamedSet.Verdicts()));
    ports(to, PORTS_IPV4, ANY_PORTS_IPV4, IPV4_ADDRESS);
    ports(to, PORTS_IPV6, ANY_PORTS_IPV6, IPV6_ADDRESS);
  }

  private static void ports(Transaction to, String one, String any, DataType address) {
    NamedSet.Values destination = new NamedSet.Values(List.of(address, PORT));
    to.add(new NamedSet(one, List.of(address, PROTOCOL, PORT), destination));
    to.add(new NamedSet(any, List.of(PROTOCOL, PORT), destination));
  }

  private static void chains(Transaction to) {
    to.add(Chain.base(GUARD, Kind.FILTER, Point.PREROUTING, Hook.RAW));
    to.add(Chain.base(INCOMING, Kind.NAT, Point.PREROUTING, Hook.DESTINATION_NAT));
    to.add(Chain.base(OUTGOING, Kind.NAT, Point.OUTPUT, Hook.DESTINATION_NAT));
    to.add(Chain.base(FORWARD, Kind.FILTER, Point.FORWARD, Hook.FILTER));
    to.add(Chain.base(LEAVING, Kind.NAT, Point.POSTROUTING, Hook.SOURCE_NAT));
  }

  /**
   * Packets for the host's loopback reach containers because the bridges take such packets
   * (route_localnet), so containers could send them, too. What is seen here has its real addresses
   * still: answers to the host have the bridge's.
   */
  private static void guard(Transaction to) {
    String why = "loopback addresses never come from containers";
    to.add(Rule.in(GUARD, why).in(BRIDGES, Field.INPUT_DEVICE).to(LOOPBACK).drop());
    to.add(Rule.in(GUARD, why).in(BRIDGES, Field.INPUT_DEVICE).from(LOOPBACK).drop());
  }

  private static void destinations(Transaction to) {
    // Before routes are asked: else a neighbour of the host would reach what is published on
    // 127.0.0.1 alone.
    to.add(Rule.in(INCOMING, "loopback is for the host alone").to(LOOPBACK).accept());
    // The kernel lets no packet from ::1 leave the host, and none from fe80:: its link.
    for (String chain : List.of(INCOMING, OUTGOING)) {
      to.add(Rule.in(chain, "the host itself answers here").to(LOOPBACK_IPV6).accept());
      to.add(Rule.in(chain, "the host itself answers here").to(LINK_IPV6).accept());
      ports(to, chain, Family.IPV4, Field.IPV4_DESTINATION, PORTS_IPV4, ANY_PORTS_IPV4);
      ports(to, chain, Family.IPV6, Field.IPV6_DESTINATION, PORTS_IPV6, ANY_PORTS_IPV6);
    }
  }

  private static void ports(
      Transaction to, String chain, Family family, Field address, String one, String any) {
    to.add(
        Rule.in(chain, "ports of one address")
            .family(family)
            .redirect(family, one, address, Field.PROTOCOL, Field.DESTINATION_PORT));
    to.add(
        Rule.in(chain, "ports of all addresses")
            .family(family)
            .toThisHost()
            .redirect(family, any, Field.PROTOCOL, Field.DESTINATION_PORT));
  }

  private static void forward(Transaction to) {
    to.add(
        Rule.in(FORWARD, "from container to container")
            .in(OPEN, Field.INPUT_DEVICE, Field.OUTPUT_DEVICE)
            .accept());
    to.add(Rule.in(FORWARD, "internal").in(INTERNAL, Field.INPUT_DEVICE).drop());
    to.add(Rule.in(FORWARD, "internal").in(INTERNAL, Field.OUTPUT_DEVICE).drop());
    to.add(Rule.in(FORWARD, "answers").state(Rule.KNOWN).accept());
    to.add(Rule.in(FORWARD, "published ports").redirected().accept());
    to.add(Rule.in(FORWARD, "everything else").in(BRIDGES, Field.OUTPUT_DEVICE).drop());
    // It would leave with the container's own address.
    to.add(
        Rule.in(FORWARD, "belongs to no connection")
            .in(MASQUERADED, Field.INPUT_DEVICE)
            .state(Rule.INVALID)
            .drop());
  }

  private static void sources(Transaction to) {
    to.add(Rule.in(LEAVING, "into a bridge").decide(HAIRPIN, Field.OUTPUT_DEVICE));
    to.add(
        Rule.in(LEAVING, "from a bridge to elsewhere")
            .in(MASQUERADED, Field.INPUT_DEVICE)
            .notIn(WITHIN, Field.INPUT_DEVICE, Field.OUTPUT_DEVICE)
            .masquerade());
    to.add(
        Rule.in(LEAVING, "from the host's loopback")
            .in(BRIDGES, Field.OUTPUT_DEVICE)
            .from(LOOPBACK)
            .masquerade());
  }

  /** The chain that knows a bridge's subnets. */
  static Chain hairpin(String device) {
    return Chain.named(HAIRPIN + "-" + device);
  }

  /**
   * A container that reaches itself or a neighbour by a published port would be answered without
   * the host, from an address that it did not ask. Asked by address, since packets that the bridge
   * itself passes on (br_netfilter) have no input device here.
   */
  static void hairpin(Transaction to, BridgeRules bridge) {
    Chain chain = hairpin(bridge.device());
    to.add(chain);
    for (Subnet subnet : bridge.subnets()) {
      to.add(
          Rule.in(chain.name(), "to a neighbour by way of the host")
              .from(subnet)
              .redirected()
              .masquerade());
    }
  }

  /** What the host did not pass on before it did so for networks. */
  static void elsewhere(Transaction to, OwnForwarding forwarding) {
    if (forwarding.isNone()) {
      return;
    }
    for (String name : List.of(LINKS, OTHERS)) {
      to.add(new NamedSet(name, List.of(DEVICE_NAME), new NamedSet.Keys()));
    }
    to.add(new NamedSet(WITHIN_LINKS, List.of(DEVICE_NAME, DEVICE_NAME), new NamedSet.Keys()));
    for (String bridge : forwarding.bridges()) {
      Value device = Value.ofDevice(bridge);
      to.add(LINKS, List.of(new Element.Member(device)));
      to.add(WITHIN_LINKS, List.of(new Element.Member(Value.join(device, device))));
    }
    to.add(Chain.base(ELSEWHERE, Kind.FILTER, Point.FORWARD, Hook.FILTER - 1));
    for (Field device : List.of(Field.INPUT_DEVICE, Field.OUTPUT_DEVICE)) {
      Field kind = device == Field.INPUT_DEVICE ? Field.INPUT_KIND : Field.OUTPUT_KIND;
      to.add(Rule.in(ELSEWHERE, "of networks").in(BRIDGES, device).accept());
      to.add(Rule.in(ELSEWHERE, "of networks of plugins").in(OTHERS, device).accept());
      to.add(Rule.in(ELSEWHERE, "of other engines").is(kind, BRIDGE).notIn(LINKS, device).accept());
    }
    to.add(
        Rule.in(ELSEWHERE, "passed on by the bridge itself")
            .in(WITHIN_LINKS, Field.INPUT_DEVICE, Field.OUTPUT_DEVICE)
            .accept());
    String why = "the host did not pass it on before it had networks";
    if (forwarding.ipv4()) {
      to.add(Rule.in(ELSEWHERE, why).family(Family.IPV4).drop());
    }
    if (forwarding.ipv6()) {
      to.add(Rule.in(ELSEWHERE, why).family(Family.IPV6).drop());
    }
  }
}
