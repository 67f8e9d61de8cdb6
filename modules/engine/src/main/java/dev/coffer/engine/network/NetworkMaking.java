package dev.coffer.engine.network;

import dev.coffer.engine.model.NetworkCreation;
import dev.coffer.engine.state.NetworkOptions;
import dev.coffer.engine.state.NetworkRecord;
import dev.coffer.network.address.Subnet;
import dev.coffer.network.driver.Driver;
import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Decides what a new network is. Errors are {@link IllegalArgumentException}s without a verb. */
final class NetworkMaking {

  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]*");
  private static final int DEVICE_DIGITS = 12;

  private NetworkMaking() {}

  /**
   * The record.
   *
   * @param taken subnets that something is in
   * @param others the networks that there are
   */
  static NetworkRecord record(
      NetworkCreation request,
      String id,
      Instant created,
      Collection<Subnet> taken,
      Collection<Network> others) {
    if (!NAME.matcher(request.name()).matches() || request.name().matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException(
          "invalid name: a-z A-Z 0-9 _ . -, a letter or digit first, and no id");
    }
    Driver driver = driver(request.driver().orElse(Driver.BRIDGE.word()));
    NetworkOptions options = NetworkOptions.of(driver, request.options());
    String device = driver == Driver.BRIDGE ? device(options, id) : "";
    for (Network other : others) {
      if (!device.isEmpty() && other.record().device().equals(device)) {
        throw new IllegalArgumentException(
            "bridge \"%s\" is network \"%s\"'s".formatted(device, other.name()));
      }
    }
    NetworkRecord record =
        new NetworkRecord(
            NetworkRecord.VERSION,
            id,
            request.name(),
            created,
            driver,
            device,
            options.parent(),
            ranges(request, driver, id, taken),
            request.ipv4(),
            request.ipv6(),
            request.internal(),
            request.attachable(),
            request.options(),
            request.labels());
    // Asked here for its errors alone.
    var _ = record.spec();
    return record;
  }

  private static Driver driver(String word) {
    if (word.equals(Driver.CNI.word())) {
      throw new IllegalArgumentException(
          "not supported: networks of CNI plugins are those that the host has files for");
    }
    for (Driver each : Driver.values()) {
      if (each.word().equals(word)) {
        return each;
      }
    }
    throw new IllegalArgumentException(
        "not supported: driver \"" + word + "\" (bridge, macvlan, ipvlan)");
  }

  private static String device(NetworkOptions options, String id) {
    return options.bridge().orElseGet(() -> "cf-" + id.substring(0, DEVICE_DIGITS));
  }

  private static List<NetworkRecord.Range> ranges(
      NetworkCreation request, Driver driver, String id, Collection<Subnet> taken) {
    if (!request.ipv4() && !request.ipv6()) {
      throw new IllegalArgumentException("neither IPv4 nor IPv6");
    }
    List<Subnet> subnets = new ArrayList<>();
    for (String text : request.subnets()) {
      subnets.add(asked(Subnet.parse(text), subnets, request, driver, taken));
    }
    if (request.ipv4() && subnets.stream().allMatch(Subnet::isIpv6)) {
      subnets.addFirst(
          Subnets.ofUser(taken)
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "no subnet is free (give one with --subnet, or remove networks)")));
    }
    if (request.ipv6() && subnets.stream().noneMatch(Subnet::isIpv6)) {
      subnets.add(Subnets.unique(id));
    }
    return new Details(request, subnets).ranges();
  }

  private static Subnet asked(
      Subnet subnet,
      List<Subnet> before,
      NetworkCreation request,
      Driver driver,
      Collection<Subnet> taken) {
    if (subnet.isIpv6() ? !request.ipv6() : !request.ipv4()) {
      throw new IllegalArgumentException(
          "subnet %s in a network without IPv%d".formatted(subnet, subnet.isIpv6() ? 6 : 4));
    }
    if (before.stream().anyMatch(subnet::overlaps)) {
      throw new IllegalArgumentException("subnet " + subnet + " overlaps another one of its own");
    }
    // A macvlan's subnet is the parent's, to which the host has a route, of course.
    if (driver == Driver.BRIDGE) {
      taken.stream()
          .filter(other -> other.prefix() > 0 && other.overlaps(subnet))
          .findFirst()
          .ifPresent(
              other -> {
                throw new IllegalArgumentException(
                    "subnet %s overlaps %s, which is in use (give another with --subnet)"
                        .formatted(subnet, other));
              });
    }
    return subnet;
  }

  /** A subnet whose first address is the gateway's. */
  static NetworkRecord.Range range(Subnet subnet) {
    return new NetworkRecord.Range(
        subnet.toString(), Subnet.text(subnet.at(1)), Optional.empty(), Map.of());
  }

  /** What is said of subnets beside themselves, each of the one that it lies in. */
  private static final class Details {
    private final NetworkCreation request;
    private final List<Subnet> subnets;

    Details(NetworkCreation request, List<Subnet> subnets) {
      this.request = request;
      this.subnets = subnets;
    }

    List<NetworkRecord.Range> ranges() {
      Map<Subnet, InetAddress> gateways = new LinkedHashMap<>();
      for (String text : request.gateways()) {
        InetAddress gateway = Subnet.parseAddress(text);
        putOnce(gateways, of("gateway", text, gateway), gateway, "gateways");
      }
      Map<Subnet, Subnet> given = new LinkedHashMap<>();
      for (String text : request.ranges()) {
        Subnet part = Subnet.parse(text);
        putOnce(given, of("range", text, part.address()), part, "ranges");
      }
      Map<Subnet, Map<String, String>> auxiliary = new LinkedHashMap<>();
      request
          .auxiliary()
          .forEach(
              (name, text) ->
                  auxiliary
                      .computeIfAbsent(
                          of("auxiliary address", text, Subnet.parseAddress(text)),
                          _ -> new LinkedHashMap<>())
                      .put(name, text));
      return subnets.stream()
          .map(
              subnet ->
                  new NetworkRecord.Range(
                      subnet.toString(),
                      Subnet.text(gateways.getOrDefault(subnet, subnet.at(1))),
                      Optional.ofNullable(given.get(subnet)).map(Subnet::toString),
                      auxiliary.getOrDefault(subnet, Map.of())))
          .toList();
    }

    private Subnet of(String what, String text, InetAddress address) {
      return subnets.stream()
          .filter(subnet -> subnet.contains(address))
          .findFirst()
          .orElseThrow(
              () ->
                  new IllegalArgumentException(
                      "%s %s is in no subnet of the network (give one with --subnet)"
                          .formatted(what, text)));
    }

    private static <T> void putOnce(Map<Subnet, T> to, Subnet subnet, T value, String what) {
      if (to.put(subnet, value) != null) {
        throw new IllegalArgumentException("two %s of subnet %s".formatted(what, subnet));
      }
    }
  }
}
