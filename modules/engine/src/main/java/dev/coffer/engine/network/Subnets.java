package dev.coffer.engine.network;

import dev.coffer.network.address.Subnet;
import java.math.BigInteger;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Which subnet a network has that asks for none: the first that nothing on the host is in. */
final class Subnets {

  private record Block(Subnet all, int prefix) {

    Stream<Subnet> subnets() {
      BigInteger size = BigInteger.ONE.shiftLeft(32 - prefix);
      return IntStream.range(0, 1 << (prefix - all.prefix()))
          .mapToObj(i -> new Subnet(all.at(size.multiply(BigInteger.valueOf(i))), prefix));
    }
  }

  /** Of the default bridge, which may have many containers. */
  private static final List<Block> DEFAULT =
      IntStream.rangeClosed(210, 219)
          .mapToObj(i -> new Block(Subnet.parse("10." + i + ".0.0/16"), 16))
          .toList();

  /** A bridge has at most 1,023 ports: the smaller ones are large enough, too. */
  private static final List<Block> USERS =
      List.of(
          new Block(Subnet.parse("10.220.0.0/14"), 20),
          new Block(Subnet.parse("10.224.0.0/11"), 22));

  private static final int IPV6_DIGITS = 14;

  private Subnets() {}

  /** For the default bridge. */
  static Optional<Subnet> ofDefault(Collection<Subnet> taken) {
    return first(DEFAULT, taken);
  }

  /** For a network that a user makes. */
  static Optional<Subnet> ofUser(Collection<Subnet> taken) {
    return first(USERS, taken);
  }

  private static Optional<Subnet> first(List<Block> blocks, Collection<Subnet> taken) {
    // What covers all is the default route, in which nothing is in particular.
    List<Subnet> used = taken.stream().filter(subnet -> subnet.prefix() > 0).toList();
    return blocks.stream()
        .flatMap(Block::subnets)
        .filter(subnet -> used.stream().noneMatch(subnet::overlaps))
        .findFirst();
  }

  /**
   * An IPv6 subnet out of those that everybody may give themselves, as random as the id. Source:
   * RFC 4193.
   */
  static Subnet unique(String networkId) {
    String digits = networkId.substring(0, IPV6_DIGITS);
    return Subnet.parse(
        "fd%s:%s:%s:%s::/64"
            .formatted(
                digits.substring(0, 2),
                digits.substring(2, 6),
                digits.substring(6, 10),
                digits.substring(10)));
  }
}
