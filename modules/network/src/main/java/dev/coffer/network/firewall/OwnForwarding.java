package dev.coffer.network.firewall;

import java.util.Set;

/**
 * What the host passes on only since an engine had it do so. Between devices that are nothing to
 * any network it goes on to pass nothing.
 *
 * <p>Bridges that were made later are others' business: whoever makes one for containers or virtual
 * machines relies on the host's passing packets on, and says nothing of it where it does already.
 *
 * @param ipv4 whether that is so of IPv4
 * @param ipv6 whether that is so of IPv6
 * @param bridges those that the host had then, such as of its own links
 */
public record OwnForwarding(boolean ipv4, boolean ipv6, Set<String> bridges) {
  /** The host passed packets on before, or does not do it yet. */
  public static final OwnForwarding NONE = new OwnForwarding(false, false, Set.of());

  public OwnForwarding {
    bridges = Set.copyOf(bridges);
  }

  /** Whether there is nothing to see to. */
  public boolean isNone() {
    return !ipv4 && !ipv6;
  }
}
