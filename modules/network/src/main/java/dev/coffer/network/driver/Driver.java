package dev.coffer.network.driver;

import java.util.Locale;

/** How a network connects containers. */
public enum Driver {
  /** A bridge of the host, with addresses of its own and the host as the way out. */
  BRIDGE,

  /** Devices with their own MAC addresses on a device of the host. */
  MACVLAN,

  /** Devices that share the MAC address of a device of the host. */
  IPVLAN,

  /** Whatever plugins of the Container Network Interface do. */
  CNI;

  /** Its name as users write it, such as {@code bridge}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
