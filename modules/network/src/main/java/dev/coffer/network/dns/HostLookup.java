package dev.coffer.network.dns;

import java.net.spi.InetAddressResolver;
import java.net.spi.InetAddressResolverProvider;

/**
 * Keeps host names of the engine itself with the C library, and so with nsswitch.conf. The library
 * that reads and writes messages comes with a provider, too, which would take all look-ups of the
 * process over; the JDK takes the first that it finds, and this one precedes it wherever the
 * library is there because of this module.
 */
public final class HostLookup extends InetAddressResolverProvider {

  /** Called by the JDK. */
  public HostLookup() {}

  @Override
  public InetAddressResolver get(Configuration configuration) {
    return configuration.builtinResolver();
  }

  @Override
  public String name() {
    return "the host's";
  }
}
