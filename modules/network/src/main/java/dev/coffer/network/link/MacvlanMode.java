package dev.coffer.network.link;

import java.util.Locale;

/** How the devices of a macvlan see each other. Source: include/uapi/linux/if_link.h. */
public enum MacvlanMode {
  PRIVATE(1),
  VEPA(2),
  BRIDGE(4),
  PASSTHRU(8);

  private final int number;

  MacvlanMode(int number) {
    this.number = number;
  }

  int number() {
    return number;
  }

  /** The mode of a name. */
  public static MacvlanMode parse(String word) {
    for (MacvlanMode each : values()) {
      if (each.name().toLowerCase(Locale.ROOT).equals(word)) {
        return each;
      }
    }
    throw new IllegalArgumentException(
        "invalid macvlan mode \"" + word + "\": private, vepa, bridge or passthru");
  }
}
