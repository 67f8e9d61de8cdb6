package dev.coffer.engine.network;

import dev.coffer.engine.EngineException;
import dev.coffer.engine.EngineException.Kind;
import dev.coffer.engine.model.EndpointRequest;
import dev.coffer.engine.model.NetworkSummary;
import dev.coffer.engine.state.GivenEnd;
import dev.coffer.engine.state.NetworkOptions;
import dev.coffer.engine.state.NetworkRecord;
import dev.coffer.network.address.AddressPool;
import dev.coffer.network.address.InterfaceAddress;
import dev.coffer.network.address.Subnet;
import dev.coffer.network.driver.AddressRange;
import dev.coffer.network.driver.Driver;
import dev.coffer.network.driver.NetworkDriver;
import dev.coffer.network.driver.NetworkSpec;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** A network of the engine with those who are in it. Any number of threads may call. */
public final class Network {

  private final NetworkRecord record;
  private final NetworkSpec spec;
  private final NetworkOptions options;
  private final boolean builtIn;
  private final List<Part> parts = new ArrayList<>();
  private final Map<String, Member> members = new TreeMap<>();
  private final Map<String, List<Member>> byName = new ConcurrentHashMap<>();
  private final Map<InetAddress, Member> byAddress = new ConcurrentHashMap<>();
  private boolean removed;

  /** Whether this engine has seen to it that the host has it. */
  private volatile boolean onHost;

  private record Part(AddressRange range, AddressPool pool) {}

  /**
   * A network with nobody in it.
   *
   * @param builtIn whether it is the engine's own and no user's
   */
  Network(NetworkRecord record, boolean builtIn) {
    this.record = record;
    this.spec = record.spec();
    this.options = NetworkOptions.of(record.driver(), record.options());
    this.builtIn = builtIn;
    for (int i = 0; i < spec.ranges().size(); i++) {
      AddressRange range = spec.ranges().get(i);
      AddressPool pool =
          new AddressPool(range.subnet(), range.given().orElse(range.subnet()), range.gateway());
      record
          .ranges()
          .get(i)
          .auxiliary()
          .forEach(
              (name, address) -> {
                var _ = pool.take(Subnet.parseAddress(address), "auxiliary address " + name);
              });
      parts.add(new Part(range, pool));
    }
  }

  /** What it is. */
  public NetworkRecord record() {
    return record;
  }

  /** As the driver takes it. */
  public NetworkSpec spec() {
    return spec;
  }

  /** Its driver's options. */
  public NetworkOptions options() {
    return options;
  }

  /** Its name. */
  public String name() {
    return record.name();
  }

  /** Whether it is the engine's own default, in which containers have no names for each other. */
  public boolean isBuiltIn() {
    return builtIn;
  }

  /** Whether plugins of the host make it, and no driver of ours. */
  public boolean isOfPlugins() {
    return record.driver() == Driver.CNI;
  }

  /** Makes it on the host, where this engine has not done so yet. */
  public void ensure(NetworkDriver driver) throws IOException {
    if (!onHost && !isOfPlugins()) {
      driver.create(spec);
      onHost = true;
    }
  }

  /** Notes that the host has it. */
  void trust() {
    onHost = true;
  }

  /** Notes that the host may not have it any more. */
  void doubt() {
    onHost = false;
  }

  /** The gateway of one kind by which its containers may reach the rest of the world. */
  Optional<InetAddress> gateway(boolean ipv6) {
    return spec.internal() ? Optional.empty() : ownAddress(ipv6);
  }

  /** The network's own address of one kind, by which its containers reach the host. */
  public Optional<InetAddress> ownAddress(boolean ipv6) {
    return spec.ranges().stream()
        .filter(range -> range.subnet().isIpv6() == ipv6)
        .map(AddressRange::gateway)
        .findFirst();
  }

  /**
   * Takes an address of each kind that it has.
   *
   * @throws EngineException when a wanted one is in use or none is left
   */
  List<InterfaceAddress> take(EndpointRequest wanted, String holder) {
    List<InterfaceAddress> taken = new ArrayList<>();
    try {
      take(false, wanted.ip(), holder).ifPresent(taken::add);
      take(true, wanted.ip6(), holder).ifPresent(taken::add);
      return taken;
    } catch (EngineException e) {
      giveBack(taken);
      throw e;
    }
  }

  private Optional<InterfaceAddress> take(boolean ipv6, Optional<String> wanted, String holder) {
    if (wanted.isPresent()) {
      return Optional.of(takeCertain(wanted.get(), holder));
    }
    List<Part> kind =
        parts.stream().filter(part -> part.range().subnet().isIpv6() == ipv6).toList();
    for (Part part : kind) {
      Optional<InetAddress> free = part.pool().take(holder);
      if (free.isPresent()) {
        return free.map(address -> new InterfaceAddress(address, part.range().subnet().prefix()));
      }
    }
    if (!kind.isEmpty()) {
      throw new EngineException(
          Kind.FAILED,
          "no address of network \"%s\" is free (disconnect or remove a container)"
              .formatted(name()));
    }
    return Optional.empty();
  }

  /**
   * Checks that wanted addresses are in its subnets; they may be in use.
   *
   * @throws EngineException INVALID when one is not
   */
  void require(EndpointRequest wanted) {
    if (isOfPlugins()) {
      // They say so themselves.
      return;
    }
    wanted.ip().ifPresent(this::part);
    wanted.ip6().ifPresent(this::part);
  }

  private InterfaceAddress takeCertain(String text, String holder) {
    Part part = part(text);
    InetAddress address = Subnet.parseAddress(text);
    part.pool()
        .take(address, holder)
        .ifPresent(
            other -> {
              throw inUse(text, other);
            });
    return new InterfaceAddress(address, part.range().subnet().prefix());
  }

  private Part part(String text) {
    try {
      InetAddress address = Subnet.parseAddress(text);
      Optional<Part> found =
          parts.stream().filter(part -> part.range().subnet().contains(address)).findFirst();
      if (found.isPresent()) {
        return found.get();
      }
    } catch (IllegalArgumentException e) {
      throw new EngineException(Kind.INVALID, String.valueOf(e.getMessage()), e);
    }
    throw new EngineException(
        Kind.INVALID,
        "invalid address \"%s\": in no subnet of network \"%s\"".formatted(text, name()));
  }

  private EngineException inUse(String address, String holder) {
    String who = holder;
    synchronized (this) {
      Member member = members.get(holder);
      if (member != null) {
        who = "container \"" + member.containerName() + "\"";
      }
    }
    return new EngineException(
        Kind.CONFLICT,
        "address %s of network \"%s\" is in use by %s".formatted(address, name(), who));
  }

  /** Takes addresses that a container has since before this engine. */
  void retake(Collection<InterfaceAddress> addresses, String holder) {
    for (InterfaceAddress each : addresses) {
      pool(each)
          .flatMap(pool -> pool.take(each.address(), holder))
          .ifPresent(
              other ->
                  System.getLogger(Network.class.getName())
                      .log(
                          System.Logger.Level.ERROR,
                          "%s and %s both have address %s of network %s"
                              .formatted(holder, other, each, name())));
    }
  }

  /** Notes that addresses that are in use are this one's. */
  void pass(Collection<InterfaceAddress> addresses, String holder) {
    addresses.forEach(each -> pool(each).ifPresent(pool -> pool.pass(each.address(), holder)));
  }

  /** Gives addresses back. */
  void giveBack(Collection<InterfaceAddress> addresses) {
    addresses.forEach(each -> pool(each).ifPresent(pool -> pool.giveBack(each.address())));
  }

  private Optional<AddressPool> pool(InterfaceAddress address) {
    return parts.stream()
        .filter(part -> part.range().subnet().contains(address.address()))
        .map(Part::pool)
        .findFirst();
  }

  /**
   * Lets a container in; names lead to it from here on.
   *
   * @throws EngineException when the network was removed meanwhile
   */
  synchronized void enter(Member member) {
    if (removed) {
      throw new EngineException(Kind.NOT_FOUND, "no such network: " + name());
    }
    leave(member.containerId());
    members.put(member.containerId(), member);
    for (String each : member.names()) {
      byName.merge(each, List.of(member), Network::joined);
    }
    member.addresses().forEach(address -> byAddress.put(address, member));
  }

  /** Lets it out again; nothing happens when it is not in. */
  synchronized void leave(String containerId) {
    Member member = members.remove(containerId);
    if (member == null) {
      return;
    }
    for (String each : member.names()) {
      byName.computeIfPresent(each, (_, all) -> without(all, member));
    }
    member.addresses().forEach(address -> byAddress.remove(address, member));
  }

  private static List<Member> joined(List<Member> some, List<Member> more) {
    List<Member> all = new ArrayList<>(some);
    all.addAll(more);
    return List.copyOf(all);
  }

  private static List<Member> without(List<Member> all, Member one) {
    List<Member> others = all.stream().filter(each -> !each.equals(one)).toList();
    return others.isEmpty() ? null : others;
  }

  /** As a list shows it. */
  public NetworkSummary summary() {
    return new NetworkSummary(
        record.id(),
        record.name(),
        record.driver().word(),
        record.created(),
        record.ipv4(),
        record.ipv6(),
        record.internal(),
        record.labels());
  }

  /** What a running container has here. */
  public record RunningEnd(String container, GivenEnd end) {}

  /** What running containers have here, by their ids. */
  public synchronized Map<String, RunningEnd> runningEnds() {
    Map<String, RunningEnd> ends = new TreeMap<>();
    members.forEach((id, each) -> ends.put(id, new RunningEnd(each.containerName(), each.end())));
    return ends;
  }

  /** Who runs in it, by id. */
  synchronized List<Member> members() {
    return List.copyOf(members.values());
  }

  /** One of them. */
  synchronized Optional<Member> member(String containerId) {
    return Optional.ofNullable(members.get(containerId));
  }

  /** Those who have a name, which is in lower case. */
  List<Member> named(String lowerCase) {
    return byName.getOrDefault(lowerCase, List.of());
  }

  /** Who has an address. */
  Optional<Member> at(InetAddress address) {
    return Optional.ofNullable(byAddress.get(address));
  }

  /** Closes it for good, if nobody is in it; who is, otherwise. */
  synchronized List<Member> close() {
    if (members.isEmpty()) {
      removed = true;
    }
    return List.copyOf(members.values());
  }
}
