package dev.coffer.network.link;

import java.util.Locale;

/**
 * On which layer the packets of an ipvlan find their device. Source: include/uapi/linux/if_link.h.
 */
public enum IpvlanMode {
  L2(0),
  L3(1),
  L3S(2);

  private final int number;

  IpvlanMode(int number) {
    this.number = number;
  }

  int number() {
    return number;
  }

  /** The mode of a name. */
  public static IpvlanMode parse(String word) {
    for (IpvlanMode each : values()) {
      if (each.name().toLowerCase(Locale.ROOT).equals(word)) {
        return each;
      }
    }
    throw new IllegalArgumentException("invalid ipvlan mode \"" + word + "\": l2, l3 or l3s");
  }
}
