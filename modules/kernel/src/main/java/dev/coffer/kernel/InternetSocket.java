package dev.coffer.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.nio.ByteOrder;

/**
 * Sockets that hold a port and do nothing else: Java's own listen, or take the port of IPv4 with
 * that of IPv6. Source: ip(7), ipv6(7).
 */
public final class InternetSocket {
  private static final int AF_INET = 2;
  private static final int AF_INET6 = 10;
  private static final int STREAM = 1;
  private static final int DATAGRAM = 2;
  private static final int SOL_SOCKET = 1;
  private static final int SO_REUSEADDR = 2;
  private static final int IPPROTO_IPV6 = 41;
  private static final int IPV6_V6ONLY = 26;
  private static final int UDP = 17;
  private static final int ADDRESS_SIZE = 28;
  private static final int ADDRESS_SIZE_IPV4 = 16;
  private static final ValueLayout.OfShort PORT = JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN);

  private InternetSocket() {}

  /**
   * Opens one in the calling thread's network namespace, for IPv4 or IPv6 alone.
   *
   * @param protocol the number of TCP, UDP or SCTP
   */
  public static Fd open(boolean ipv6, int protocol) throws KernelException {
    int type = protocol == UDP ? DATAGRAM : STREAM;
    int family = ipv6 ? AF_INET6 : AF_INET;
    long made = Syscall.call(Call.SOCKET, family, type | OpenFlags.CLOEXEC, protocol);
    if (made < 0) {
      throw KernelException.of(Call.SOCKET, made, ipv6 ? "AF_INET6" : "AF_INET", protocol);
    }
    Fd socket = Fd.of((int) made);
    try {
      if (ipv6) {
        SocketOption.set(socket, IPPROTO_IPV6, IPV6_V6ONLY, 1);
      }
      return socket;
    } catch (KernelException e) {
      socket.close();
      throw e;
    }
  }

  /** Whether an address may be bound at which connections have ended not long ago. */
  public static void reuseAddress(Fd socket, boolean reuse) throws KernelException {
    SocketOption.set(socket, SOL_SOCKET, SO_REUSEADDR, reuse ? 1 : 0);
  }

  /** {@code bind(2)}; port 0 is any that is free. */
  public static void bind(Fd socket, InetAddress address, int port) throws KernelException {
    byte[] bytes = address.getAddress();
    boolean ipv6 = bytes.length == 16;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = arena.allocate(ADDRESS_SIZE, 8);
      NativeWords.setShort(name, 0, (short) (ipv6 ? AF_INET6 : AF_INET));
      name.set(PORT, 2, (short) port);
      MemorySegment.copy(bytes, 0, name, ValueLayout.JAVA_BYTE, ipv6 ? 8 : 4, bytes.length);
      int size = ipv6 ? ADDRESS_SIZE : ADDRESS_SIZE_IPV4;
      long result = Syscall.call(Call.BIND, socket.number(), name.address(), size);
      if (result < 0) {
        throw KernelException.of(Call.BIND, result, socket, address.getHostAddress(), port);
      }
    }
  }

  /** The port that one is bound to. */
  public static int port(Fd socket) throws KernelException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = arena.allocate(ADDRESS_SIZE, 8);
      MemorySegment size = arena.allocate(JAVA_INT);
      NativeWords.setInt(size, 0, ADDRESS_SIZE);
      long result = Syscall.call(Call.GETSOCKNAME, socket.number(), name.address(), size.address());
      if (result < 0) {
        throw KernelException.of(Call.GETSOCKNAME, result, socket);
      }
      return Short.toUnsignedInt(name.get(PORT, 2));
    }
  }
}
