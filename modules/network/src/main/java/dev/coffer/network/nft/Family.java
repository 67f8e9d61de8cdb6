package dev.coffer.network.nft;

import java.util.Optional;
import java.util.stream.Stream;

/** What kind of packets a table or a rule sees. */
public enum Family {
  /** IPv4 and IPv6. */
  INET(1, "inet"),
  IPV4(2, "ip"),
  IPV6(10, "ip6");

  private final int number;
  private final String word;

  Family(int number, String word) {
    this.number = number;
    this.word = word;
  }

  /** That of a number of the kernel's; empty for those that see no such packets. */
  public static Optional<Family> of(int number) {
    return Stream.of(values()).filter(family -> family.number == number).findFirst();
  }

  /** The kernel's number ({@code NFPROTO_*}). */
  public int number() {
    return number;
  }

  /** As {@code nft} writes it. */
  public String word() {
    return word;
  }
}
