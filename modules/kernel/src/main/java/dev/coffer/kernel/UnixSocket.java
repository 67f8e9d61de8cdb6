package dev.coffer.kernel;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/** Unix sockets, see {@code unix(7)}: what NIO's lack is passing descriptors and proving peers. */
public final class UnixSocket {
  /** A socket's kind: a stream of bytes. */
  public static final int STREAM = 1;

  /** A socket's kind: a stream of records. */
  public static final int SEQPACKET = 5;

  /** {@code shutdown(2)}: no more is read, written, or either. */
  public static final int SHUT_READ = 0;

  public static final int SHUT_WRITE = 1;
  public static final int SHUT_BOTH = 2;

  private static final int AF_UNIX = 1;
  private static final int SOCK_CLOEXEC = OpenFlags.CLOEXEC;
  private static final int SOL_SOCKET = 1;
  private static final int SO_SNDBUF = 7;
  private static final int SO_PEERCRED = 17;
  private static final int SO_PEERPIDFD = 77;
  private static final int PATH_SIZE = 108;

  private UnixSocket() {}

  /** Two sockets that are connected with each other. */
  public record Pair(Fd first, Fd second) implements AutoCloseable {
    @Override
    public void close() {
      first.close();
      second.close();
    }
  }

  /** A connected pair. */
  public static Pair pair(int kind) throws KernelException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment ends = arena.allocate(8, 4);
      long result = Syscall.call(Call.SOCKETPAIR, AF_UNIX, kind | SOCK_CLOEXEC, 0, ends.address());
      if (result < 0) {
        throw KernelException.of(Call.SOCKETPAIR, result);
      }
      return new Pair(Fd.of(NativeWords.getInt(ends, 0)), Fd.of(NativeWords.getInt(ends, 4)));
    }
  }

  /**
   * Binds a socket to a name and listens. Its file's mode is what the umask leaves of 0777.
   *
   * @param directory where the name is made, which may be of any depth: the address names it by its
   *     descriptor
   */
  public static Fd listen(Fd directory, String name, int kind, int backlog) throws KernelException {
    Fd socket = withAddress(Call.BIND, directory, name, kind);
    long result = Syscall.call(Call.LISTEN, socket.number(), backlog);
    if (result < 0) {
      socket.close();
      throw KernelException.of(Call.LISTEN, result, name);
    }
    return socket;
  }

  /** Connects to a name; {@code ECONNREFUSED} where nobody listens any more. */
  public static Fd connect(Fd directory, String name, int kind) throws KernelException {
    return withAddress(Call.CONNECT, directory, name, kind);
  }

  /** The next connection; waits for one. */
  public static Fd accept(Fd listener) throws KernelException {
    long result = Syscall.call(Call.ACCEPT4, listener.number(), 0, 0, SOCK_CLOEXEC);
    if (result < 0) {
      throw KernelException.of(Call.ACCEPT4, result, listener);
    }
    return Fd.of((int) result);
  }

  /** {@code shutdown(2)}; a peer that is gone already is no failure. */
  public static void shutdown(Fd socket, int how) throws KernelException {
    long result = Syscall.call(Call.SHUTDOWN, socket.number(), how);
    if (result < 0 && result != -Errno.ENOTCONN.number()) {
      throw KernelException.of(Call.SHUTDOWN, result, socket);
    }
  }

  /** Who was there when the connection was made. */
  public static Peer peer(Fd socket) throws KernelException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment credentials = arena.allocate(12, 4);
      long result = option(arena, socket, SO_PEERCRED, credentials);
      if (result < 0) {
        throw KernelException.of(Call.GETSOCKOPT, result, socket, "SO_PEERCRED");
      }
      return new Peer(
          NativeWords.getInt(credentials, 0),
          NativeWords.getInt(credentials, 4),
          NativeWords.getInt(credentials, 8));
    }
  }

  /** The peer's process, safe from reuse of its pid; empty before Linux 6.5. */
  public static Optional<Fd> peerPidfd(Fd socket) throws KernelException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment number = arena.allocate(4, 4);
      long result = option(arena, socket, SO_PEERPIDFD, number);
      if (result == -Errno.ENOPROTOOPT.number()) {
        return Optional.empty();
      }
      if (result < 0) {
        throw KernelException.of(Call.GETSOCKOPT, result, socket, "SO_PEERPIDFD");
      }
      return Optional.of(Fd.of(NativeWords.getInt(number, 0)));
    }
  }

  /** How much may be under way to the peer before a send waits, in bytes. */
  public static void setSendBuffer(Fd socket, int bytes) throws KernelException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment value = arena.allocate(4, 4);
      NativeWords.setInt(value, 0, bytes);
      long result =
          Syscall.call(Call.SETSOCKOPT, socket.number(), SOL_SOCKET, SO_SNDBUF, value.address(), 4);
      if (result < 0) {
        throw KernelException.of(Call.SETSOCKOPT, result, socket, "SO_SNDBUF");
      }
    }
  }

  private static long option(Arena arena, Fd socket, int name, MemorySegment value) {
    MemorySegment size = arena.allocate(4, 4);
    NativeWords.setInt(size, 0, (int) value.byteSize());
    return Syscall.call(
        Call.GETSOCKOPT, socket.number(), SOL_SOCKET, name, value.address(), size.address());
  }

  private static Fd withAddress(Call call, Fd directory, String name, int kind)
      throws KernelException {
    byte[] path = NativeText.encode(directory.procPath() + "/" + name);
    if (path.length >= PATH_SIZE) {
      throw new KernelException(call.title(), Errno.ENAMETOOLONG.number(), name);
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment address = arena.allocate(2 + PATH_SIZE, 2);
      NativeWords.setShort(address, 0, (short) AF_UNIX);
      MemorySegment.copy(path, 0, address, JAVA_BYTE, 2, path.length);
      long made = Syscall.call(Call.SOCKET, AF_UNIX, kind | SOCK_CLOEXEC, 0);
      if (made < 0) {
        throw KernelException.of(Call.SOCKET, made, name);
      }
      Fd socket = Fd.of((int) made);
      long result = Syscall.call(call, socket.number(), address.address(), 2 + path.length + 1);
      if (result < 0) {
        socket.close();
        throw KernelException.of(call, result, name);
      }
      return socket;
    }
  }
}
