package dev.coffer.cli.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.network.dns.HostLookup;
import java.net.spi.InetAddressResolverProvider;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

/** What libraries bring along and the JDK finds by itself. */
class ClassPathTest {

  /** A library's provider would take all look-ups of host names from the C library. */
  @Test
  void hostNamesAreLookedUpByTheHost() {
    assertThat(ServiceLoader.load(InetAddressResolverProvider.class).findFirst())
        .containsInstanceOf(HostLookup.class);
  }
}
