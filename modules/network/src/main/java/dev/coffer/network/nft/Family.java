package dev.coffer.network.nft;

/** What kind of packets a table or a rule sees. */
public enum Family {
  /** IPv4 and IPv6. */
  INET(1),
  IPV4(2),
  IPV6(10);

  private final int number;

  Family(int number) {
    this.number = number;
  }

  /** The kernel's number ({@code NFPROTO_*}). */
  public int number() {
    return number;
  }
}
