package dev.coffer.network.firewall;

import dev.coffer.network.address.Subnet;
import dev.coffer.network.input.Gate;
import dev.coffer.network.nft.Element;
import dev.coffer.network.nft.Transaction;
import dev.coffer.network.nft.Value;
import dev.coffer.network.nft.Verdict;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * What was said of bridges and ports, and how it is written into the table. Each change is noted
 * here and added to a transaction in one; for one thread at a time.
 */
final class Contents {
  private final Map<String, BridgeRules> bridges = new LinkedHashMap<>();
  private final Map<Place, PortForward> forwards = new LinkedHashMap<>();

  /** Where on the host a port is; one leads to one container. */
  private record Place(Protocol protocol, InetAddress address, int port) {
    static Place of(PortForward forward) {
      return new Place(forward.protocol(), forward.hostAddress(), forward.hostPort());
    }
  }

  private final OwnForwarding forwarding;
  private Set<String> others = Set.of();

  Contents(OwnForwarding forwarding) {
    this.forwarding = forwarding;
  }

  /** A copy that changes by itself. */
  Contents copy() {
    return copy(forwarding);
  }

  /** A copy with one thing otherwise. */
  Contents copy(OwnForwarding otherwise) {
    Contents copy = nothing(otherwise);
    copy.bridges.putAll(bridges);
    copy.forwards.putAll(forwards);
    return copy;
  }

  /** One without bridges and ports. */
  Contents nothing(OwnForwarding otherwise) {
    Contents nothing = new Contents(otherwise);
    nothing.others = others;
    return nothing;
  }

  /** Adds all of it to a table that has the layout and nothing else. */
  void write(Transaction to) {
    Layout.elsewhere(to, forwarding);
    letPass(others, Set.of(), to);
    bridges.values().forEach(bridge -> Layout.hairpin(to, bridge));
    elements(bridges.values(), to::add);
    ports(forwards.values(), to::add);
  }

  OwnForwarding forwarding() {
    return forwarding;
  }

  /** Says which devices are let pass from now on. */
  void letPass(Set<String> devices, Transaction to) {
    letPass(devices, others, to);
    others = Set.copyOf(devices);
  }

  private void letPass(Set<String> devices, Set<String> before, Transaction to) {
    if (!forwarding.isNone()) {
      to.delete(Layout.OTHERS, missing(before, devices));
      to.add(Layout.OTHERS, missing(devices, before));
    }
  }

  private static List<Element> missing(Set<String> from, Set<String> in) {
    return from.stream()
        .filter(device -> !in.contains(device))
        .<Element>map(device -> new Element.Member(Value.ofDevice(device)))
        .toList();
  }

  /** The bridges' devices. */
  Set<String> bridges() {
    return Set.copyOf(bridges.keySet());
  }

  /** What the host's own rules are to be asked about. */
  Gate gate() {
    List<Subnet> open =
        bridges.values().stream()
            .filter(bridge -> !bridge.hostDecides())
            .flatMap(bridge -> bridge.subnets().stream())
            .toList();
    Set<Gate.Port> ports = new HashSet<>();
    for (PortForward forward : forwards.values()) {
      if (open.stream().noneMatch(subnet -> subnet.contains(forward.containerAddress()))) {
        ports.add(new Gate.Port(forward.protocol().number(), forward.hostPort()));
      }
    }
    return new Gate(bridges.keySet(), ports);
  }

  boolean has(PortForward forward) {
    return forward.equals(forwards.get(Place.of(forward)));
  }

  void put(BridgeRules bridge, Transaction to) {
    if (bridge.equals(bridges.get(bridge.device()))) {
      return;
    }
    remove(bridge.device(), to);
    bridges.put(bridge.device(), bridge);
    Layout.hairpin(to, bridge);
    elements(List.of(bridge), to::add);
  }

  void remove(String device, Transaction to) {
    BridgeRules known = bridges.remove(device);
    if (known != null) {
      elements(List.of(known), to::delete);
      to.delete(Layout.hairpin(device));
    }
  }

  /** Notes them; where others were at the same places of the host, those go and are answered. */
  List<PortForward> publish(Collection<PortForward> wanted, Transaction to) {
    Map<Place, PortForward> last = new LinkedHashMap<>();
    wanted.forEach(forward -> last.put(Place.of(forward), forward));
    last.values().removeIf(forward -> forward.equals(forwards.get(Place.of(forward))));
    List<PortForward> gone = new ArrayList<>();
    last.keySet().stream().map(forwards::get).filter(Objects::nonNull).forEach(gone::add);
    forwards.putAll(last);
    ports(gone, to::delete);
    ports(last.values(), to::add);
    return gone;
  }

  /** Forgets those that are known, and answers which they are. */
  List<PortForward> withdraw(Collection<PortForward> unwanted, Transaction to) {
    List<PortForward> gone = new ArrayList<>();
    for (PortForward forward : unwanted) {
      if (forwards.remove(Place.of(forward), forward)) {
        gone.add(forward);
      }
    }
    ports(gone, to::delete);
    return gone;
  }

  private static void elements(
      Collection<BridgeRules> bridges, BiConsumer<String, List<Element>> change) {
    Map<String, List<Element>> bySet = new LinkedHashMap<>();
    for (BridgeRules bridge : bridges) {
      Value device = Value.ofDevice(bridge.device());
      Element alone = new Element.Member(device);
      Element pair = new Element.Member(Value.join(device, device));
      Verdict hairpin = new Verdict.Jump(Layout.hairpin(bridge.device()).name());
      add(bySet, Layout.BRIDGES, alone);
      add(bySet, Layout.WITHIN, pair);
      add(bySet, Layout.HAIRPIN, new Element.Decision(device, hairpin));
      if (bridge.internal()) {
        add(bySet, Layout.INTERNAL, alone);
      } else if (bridge.masquerade()) {
        add(bySet, Layout.MASQUERADED, alone);
      }
      if (bridge.betweenContainers()) {
        add(bySet, Layout.OPEN, pair);
      }
    }
    bySet.forEach(change);
  }

  private static void ports(
      Collection<PortForward> forwards, BiConsumer<String, List<Element>> change) {
    Map<String, List<Element>> bySet = new LinkedHashMap<>();
    for (PortForward forward : forwards) {
      boolean any = forward.hostAddress().isAnyLocalAddress();
      boolean six = forward.hostAddress().getAddress().length == 16;
      Value protocol = Value.ofByte(forward.protocol().number());
      Value port = Value.ofPort(forward.hostPort());
      Value key =
          any
              ? Value.join(protocol, port)
              : Value.join(Value.of(forward.hostAddress()), protocol, port);
      Value destination =
          Value.join(Value.of(forward.containerAddress()), Value.ofPort(forward.containerPort()));
      add(bySet, map(any, six), new Element.Mapping(key, destination));
    }
    bySet.forEach(change);
  }

  private static String map(boolean any, boolean six) {
    if (six) {
      return any ? Layout.ANY_PORTS_IPV6 : Layout.PORTS_IPV6;
    }
    return any ? Layout.ANY_PORTS_IPV4 : Layout.PORTS_IPV4;
  }

  private static void add(Map<String, List<Element>> bySet, String set, Element element) {
    bySet.computeIfAbsent(set, _ -> new ArrayList<>()).add(element);
  }
}
