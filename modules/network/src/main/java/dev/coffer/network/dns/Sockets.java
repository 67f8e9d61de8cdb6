package dev.coffer.network.dns;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;

/**
 * Where clients come to: one port of UDP and TCP.
 *
 * @param datagrams UDP
 * @param streams TCP
 * @param port the port of both
 */
record Sockets(DatagramChannel datagrams, ServerSocketChannel streams, int port)
    implements AutoCloseable {
  /** So many ports that are free for UDP are tried for TCP. */
  private static final int TRIES = 16;

  /**
   * Opens them in the network namespace of the calling thread.
   *
   * @param address an IPv4 address of the namespace
   * @param port the port, or 0 for one that is free
   */
  static Sockets open(InetAddress address, int port) throws IOException {
    for (int tries = 1; ; tries++) {
      try {
        return tryToOpen(address, port);
      } catch (IOException e) {
        if (port != 0 || tries == TRIES) {
          throw e;
        }
      }
    }
  }

  private static Sockets tryToOpen(InetAddress address, int port) throws IOException {
    DatagramChannel datagrams = DatagramChannel.open(StandardProtocolFamily.INET);
    ServerSocketChannel streams = null;
    try {
      datagrams.bind(new InetSocketAddress(address, port));
      int bound = ((InetSocketAddress) datagrams.getLocalAddress()).getPort();
      streams = ServerSocketChannel.open(StandardProtocolFamily.INET);
      streams.bind(new InetSocketAddress(address, bound));
      return new Sockets(datagrams, streams, bound);
    } catch (IOException e) {
      datagrams.close();
      if (streams != null) {
        streams.close();
      }
      throw new IOException(
          "cannot serve names at %s:%d: %s"
              .formatted(address.getHostAddress(), port, e.getMessage()),
          e);
    }
  }

  @Override
  public void close() {
    Loop.close(datagrams);
    Loop.close(streams);
  }
}
