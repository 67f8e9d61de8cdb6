package dev.coffer.network.dns;

import dev.coffer.network.address.Subnet;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What a container knows in tests. */
record KnownNames(
    Map<String, List<InetAddress>> forward,
    Map<InetAddress, String> reverse,
    List<InetSocketAddress> servers)
    implements Names {

  static KnownNames nothing() {
    return new KnownNames(Map.of(), Map.of(), List.of());
  }

  KnownNames with(String name, String... addresses) {
    Map<String, List<InetAddress>> names = new HashMap<>(forward);
    Map<InetAddress, String> pointers = new HashMap<>(reverse);
    List<InetAddress> parsed = Stream.of(addresses).map(Subnet::parseAddress).toList();
    names.put(name, parsed);
    parsed.forEach(address -> pointers.put(address, name));
    return new KnownNames(names, pointers, servers);
  }

  KnownNames asking(InetSocketAddress... others) {
    return new KnownNames(forward, reverse, List.of(others));
  }

  @Override
  public Optional<List<InetAddress>> addresses(String name) {
    return Optional.ofNullable(forward.get(name));
  }

  @Override
  public Optional<String> name(InetAddress address) {
    return Optional.ofNullable(reverse.get(address));
  }
}
