package dev.coffer.network.link;

/** Numbers of attributes of devices. Source: include/uapi/linux/if_link.h, and veth.h beside it. */
final class LinkAttribute {
  static final int ADDRESS = 1;
  static final int NAME = 3;
  static final int MTU = 4;
  static final int LINK = 5;
  static final int MASTER = 10;
  static final int INFO = 18;
  static final int ALIAS = 20;
  static final int FAMILIES = 26;
  static final int NAMESPACE = 28;
  static final int EXTENDED_MASK = 29;

  /** Within {@link #INFO}. */
  static final int KIND = 1;

  static final int DATA = 2;
  static final int PORT_KIND = 4;
  static final int PORT_DATA = 5;

  /** Within {@link #DATA} of a veth: the other end, which begins with a header of its own. */
  static final int PEER = 1;

  /** Within {@link #DATA} of a macvlan or ipvlan. */
  static final int MODE = 1;

  /** Within {@link #PORT_DATA} of a bridge's port: packets may leave where they came in. */
  static final int HAIRPIN = 4;

  /** Likewise: it exchanges no packets with other such ports. */
  static final int ISOLATED = 33;

  /** Within {@link #FAMILIES} and AF_INET6: where the address of the link alone comes from. */
  static final int ADDRESS_GENERATION = 8;

  private LinkAttribute() {}
}
