package dev.coffer.network.port;

import dev.coffer.kernel.Errno;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.InternetSocket;
import dev.coffer.kernel.KernelException;
import dev.coffer.network.address.Subnet;
import dev.coffer.network.firewall.Protocol;
import dev.coffer.network.namespace.NamespaceThread;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A port of the host that nobody else gets as long as this is open. Packets for it are led into a
 * container before they reach the sockets that hold it, which neither listen nor are read.
 */
public final class PortReservation implements AutoCloseable {
  /** How many ports are tried that are free at one address, until one is at all. */
  private static final int ATTEMPTS = 64;

  private final Protocol protocol;
  private final int port;
  private final List<Fd> sockets;

  private PortReservation(Protocol protocol, int port, List<Fd> sockets) {
    this.protocol = protocol;
    this.port = port;
    this.sockets = List.copyOf(sockets);
  }

  /**
   * Takes a port at all of some addresses, or at none.
   *
   * @param thread whose home the host is
   * @param addresses of the host; 0.0.0.0 and :: are everywhere, each for its own kind
   * @param port 1 to 65535, or 0 for one that is free
   * @throws IOException when it cannot be had; the message says who has it: {@code port 8080/tcp is
   *     in use by "nginx" (pid 4711)}
   */
  public static PortReservation take(
      NamespaceThread thread, Protocol protocol, Collection<InetAddress> addresses, int port)
      throws IOException {
    if (addresses.isEmpty()) {
      throw new IllegalArgumentException("no address to take a port at");
    }
    return thread.atHome(() -> take(protocol, List.copyOf(addresses), port));
  }

  private static PortReservation take(Protocol protocol, List<InetAddress> addresses, int port)
      throws IOException {
    for (int attempt = 1; ; attempt++) {
      List<Fd> sockets = new ArrayList<>();
      int number = port;
      InetAddress at = addresses.getFirst();
      try {
        for (InetAddress address : addresses) {
          at = address;
          sockets.add(bind(protocol, address, number));
          number = InternetSocket.port(sockets.getLast());
        }
        return new PortReservation(protocol, number, sockets);
      } catch (KernelException e) {
        sockets.forEach(Fd::close);
        boolean another = port == 0 && e.is(Errno.EADDRINUSE) && attempt < ATTEMPTS;
        if (!another) {
          throw refused(protocol, at, number, e);
        }
      }
    }
  }

  private static Fd bind(Protocol protocol, InetAddress address, int port) throws KernelException {
    Fd socket = InternetSocket.open(address.getAddress().length == 16, protocol.number());
    try {
      try {
        InternetSocket.bind(socket, address, port);
      } catch (KernelException e) {
        if (!e.is(Errno.EADDRINUSE) || protocol != Protocol.TCP) {
          throw e;
        }
        // Perhaps only connections that have ended not long ago. Whoever comes after us is refused
        // whatever they say, as long as we do not say that we would share.
        InternetSocket.reuseAddress(socket, true);
        InternetSocket.bind(socket, address, port);
        InternetSocket.reuseAddress(socket, false);
      }
      return socket;
    } catch (KernelException e) {
      socket.close();
      throw e;
    }
  }

  private static IOException refused(
      Protocol protocol, InetAddress address, int port, KernelException cause) {
    String what =
        address.isAnyLocalAddress()
            ? "port %d/%s".formatted(port, protocol.word())
            : "port %s/%s".formatted(at(address, port), protocol.word());
    if (cause.is(Errno.EADDRINUSE)) {
      String holders =
          PortHolders.of(protocol, address, port).stream()
              .map(PortHolders.Holder::toString)
              .distinct()
              .collect(Collectors.joining(", "));
      return new IOException(
          what + " is in use" + (holders.isEmpty() ? "" : " by " + holders), cause);
    }
    if (cause.is(Errno.EADDRNOTAVAIL)) {
      return new IOException(
          "cannot take %s: the host has no address %s".formatted(what, Subnet.text(address)),
          cause);
    }
    if (cause.is(Errno.EPROTONOSUPPORT) || cause.is(Errno.EAFNOSUPPORT)) {
      String missing = cause.is(Errno.EAFNOSUPPORT) ? "IPv6" : protocol.word();
      return new IOException(
          "cannot take %s: the kernel has no %s".formatted(what, missing), cause);
    }
    return new IOException("cannot take %s: %s".formatted(what, cause.getMessage()), cause);
  }

  private static String at(InetAddress address, int port) {
    String text = Subnet.text(address);
    return (text.contains(":") ? "[" + text + "]" : text) + ":" + port;
  }

  /** The protocol whose port it is. */
  public Protocol protocol() {
    return protocol;
  }

  /** The port, 1 to 65535. */
  public int port() {
    return port;
  }

  /** Gives the port back. */
  @Override
  public void close() {
    sockets.forEach(Fd::close);
  }
}
