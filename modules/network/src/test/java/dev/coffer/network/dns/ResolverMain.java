package dev.coffer.network.dns;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * {@code ResolverMain PORT SERVER-PORT}: serves the names {@code web} (three addresses) and {@code
 * one} at 127.0.0.11 of its own network until its input ends, for {@code bench/dns}.
 */
final class ResolverMain {
  private ResolverMain() {}

  public static void main(String[] arguments) throws IOException {
    InetSocketAddress server =
        new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), Integer.parseInt(arguments[1]));
    Names names =
        KnownNames.nothing()
            .with("web", "10.1.0.2", "10.1.0.3", "10.1.0.4")
            .with("one", "10.1.0.5")
            .asking(server);
    InetAddress address = InetAddress.ofLiteral(Resolver.ADDRESS);
    try (Resolver resolver = new Resolver()) {
      resolver.serve(Sockets.open(address, Integer.parseInt(arguments[0])), names);
      while (System.in.read() >= 0) {
        // Only its end matters.
      }
    }
  }
}
