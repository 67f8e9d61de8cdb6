package dev.coffer.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A connection with a part of the kernel by netlink. It speaks of the network namespace that the
 * thread was in which opened it, whichever thread uses it. One request at a time is under way; any
 * number of threads may call.
 *
 * <p>Source: netlink(7).
 */
public final class NetlinkSocket implements AutoCloseable {
  /** Devices, addresses, routes: rtnetlink(7). */
  public static final int ROUTE = 0;

  /** Packet filters and connection tracking. */
  public static final int NETFILTER = 12;

  private static final int AF_NETLINK = 16;
  private static final int SOCK_RAW = 3;
  private static final int SOCK_CLOEXEC = OpenFlags.CLOEXEC;
  private static final int SOL_SOCKET = 1;
  private static final int SO_SNDBUF = 7;
  private static final int SO_SNDBUFFORCE = 32;
  private static final int SO_NETNS_COOKIE = 71;
  private static final int ADDRESS_SIZE = 12;
  private static final int SOL_NETLINK = 270;
  private static final int ADD_MEMBERSHIP = 1;
  private static final int NLMSG_ERROR = 2;
  private static final int NLMSG_DONE = 3;
  private static final int BUFFER = 1 << 16;

  private final Fd socket;
  private final ReentrantLock lock = new ReentrantLock();
  private int sequence;

  private NetlinkSocket(Fd socket) {
    this.socket = socket;
  }

  /** Opens one in the calling thread's network namespace. */
  public static NetlinkSocket open(int protocol) throws KernelException {
    long made = Syscall.call(Call.SOCKET, AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);
    if (made < 0) {
      throw KernelException.of(Call.SOCKET, made, "netlink", protocol);
    }
    Fd socket = Fd.of((int) made);
    try {
      bind(socket);
      return new NetlinkSocket(socket);
    } catch (KernelException e) {
      socket.close();
      throw e;
    }
  }

  /** Gives it a port of its own; one without hears nothing of what others do. */
  private static void bind(Fd socket) throws KernelException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment address = arena.allocate(ADDRESS_SIZE, 4);
      NativeWords.setShort(address, 0, (short) AF_NETLINK);
      long result = Syscall.call(Call.BIND, socket.number(), address.address(), ADDRESS_SIZE);
      if (result < 0) {
        throw KernelException.of(Call.BIND, result, socket);
      }
    }
  }

  /** The number of the network namespace that it speaks of, which no other has until a reboot. */
  public long namespace() throws KernelException {
    return SocketOption.get(socket, SOL_SOCKET, SO_NETNS_COOKIE);
  }

  /** Has it hear the messages of a group, which {@link #receive} returns. */
  public void join(int group) throws KernelException {
    SocketOption.set(socket, SOL_NETLINK, ADD_MEMBERSHIP, group);
  }

  /** The number by which the kernel tells its requests from others'. */
  public int port() throws KernelException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment address = arena.allocate(ADDRESS_SIZE, 4);
      MemorySegment size = arena.allocate(JAVA_INT);
      NativeWords.setInt(size, 0, ADDRESS_SIZE);
      long result =
          Syscall.call(Call.GETSOCKNAME, socket.number(), address.address(), size.address());
      if (result < 0) {
        throw KernelException.of(Call.GETSOCKNAME, result, socket);
      }
      return NativeWords.getInt(address, 4);
    }
  }

  /**
   * Has the kernel do something, and waits until it has.
   *
   * @param what the request in words, for the error
   */
  public void request(String what, NetlinkMessage message) throws KernelException {
    lock.lock();
    try {
      int expected = ++sequence;
      send(List.of(message), NetlinkMessage.ACK, expected);
      exchange(what, expected, expected, new ArrayList<>());
    } finally {
      lock.unlock();
    }
  }

  /**
   * Sends messages as one, and waits for the answer to the last that asks for one. An nf_tables
   * transaction is sent so: all of it happens, or nothing.
   *
   * @param what the request in words, for the error
   * @throws NetlinkRefusal of the first message that was refused
   */
  public void transaction(String what, List<NetlinkMessage> messages) throws KernelException {
    lock.lock();
    try {
      int first = sequence + 1;
      sequence += messages.size();
      send(messages, 0, first);
      int last = first;
      for (int i = 0; i < messages.size(); i++) {
        boolean asks = (messages.get(i).flags() & NetlinkMessage.ACK) != 0;
        last = asks ? first + i : last;
      }
      exchange(what, first, last, new ArrayList<>());
    } finally {
      lock.unlock();
    }
  }

  /**
   * Has the kernel do several things one after another, and waits until it has; with few calls. The
   * kernel tries all of them, also those that come after one that it refused.
   *
   * @throws KernelException of the first that was refused
   */
  public void batch(List<NetlinkRequest> requests) throws KernelException {
    if (requests.isEmpty()) {
      return;
    }
    lock.lock();
    try {
      int first = sequence + 1;
      sequence += requests.size();
      requests.getLast().message().acknowledge();
      send(requests.stream().map(NetlinkRequest::message).toList(), 0, first);
      awaitAll(requests, first);
    } finally {
      lock.unlock();
    }
  }

  /** Each refusal is answered, and the last request in any case. */
  private void awaitAll(List<NetlinkRequest> requests, int first) throws KernelException {
    int last = first + requests.size() - 1;
    KernelException refused = null;
    boolean done = false;
    while (!done) {
      ByteBuffer messages = read();
      while (messages.remaining() >= NetlinkMessage.HEADER) {
        int number = messages.getInt(messages.position() + 8);
        NetlinkReply reply = reply(messages);
        if (number < first || number > last || reply.type() != NLMSG_ERROR) {
          continue;
        }
        int code = -reply.fixed().getInt(0);
        if (code != 0 && refused == null) {
          refused = new KernelException("netlink", code, requests.get(number - first).what());
        }
        done = done || number == last;
      }
    }
    if (refused != null) {
      throw refused;
    }
  }

  /** Asks for objects, one (with an acknowledgement behind it) or all of a kind. */
  public List<NetlinkReply> query(String what, NetlinkMessage message) throws KernelException {
    lock.lock();
    try {
      int expected = ++sequence;
      boolean all = (message.flags() & NetlinkMessage.DUMP) != 0;
      send(List.of(message), all ? 0 : NetlinkMessage.ACK, expected);
      List<NetlinkReply> replies = new ArrayList<>();
      exchange(what, expected, expected, replies);
      return replies;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Sends a request whose answer {@link #receive} returns, which wakes whoever waits there.
   *
   * @param message the request
   */
  public void post(NetlinkMessage message) throws KernelException {
    lock.lock();
    try {
      send(List.of(message), 0, ++sequence);
    } finally {
      lock.unlock();
    }
  }

  /** Waits for what is told to the groups that were joined; not beside requests. */
  public List<NetlinkReply> receive() throws KernelException {
    List<NetlinkReply> replies = new ArrayList<>();
    ByteBuffer messages = read();
    while (messages.remaining() >= NetlinkMessage.HEADER) {
      replies.add(reply(messages));
    }
    return replies;
  }

  private void send(List<NetlinkMessage> messages, int flags, int first) throws KernelException {
    int size = messages.stream().mapToInt(NetlinkMessage::size).sum();
    if (size > BUFFER) {
      roomFor(size);
    }
    ByteBuffer bytes = ByteBuffer.allocate(size).order(ByteOrder.nativeOrder());
    for (int i = 0; i < messages.size(); i++) {
      messages.get(i).writeTo(bytes, flags, first + i);
    }
    FileData.writeAll(socket, bytes.array());
  }

  /** Who administers the network may go beyond the limit for all (net.core.wmem_max). */
  private void roomFor(int size) throws KernelException {
    try {
      SocketOption.set(socket, SOL_SOCKET, SO_SNDBUFFORCE, size);
    } catch (KernelException refused) {
      SocketOption.set(socket, SOL_SOCKET, SO_SNDBUF, size);
    }
  }

  /**
   * Reads until the last request is answered. An error is thrown when all are, so that none of them
   * is taken for a later request's.
   */
  private void exchange(String what, int first, int last, List<NetlinkReply> replies)
      throws KernelException {
    int error = 0;
    while (true) {
      ByteBuffer messages = read();
      while (messages.remaining() >= NetlinkMessage.HEADER) {
        int number = messages.getInt(messages.position() + 8);
        NetlinkReply reply = reply(messages);
        if (number < first || number > last) {
          continue;
        }
        if (reply.type() == NLMSG_ERROR || reply.type() == NLMSG_DONE) {
          int code = reply.fixed().remaining() >= 4 ? -reply.fixed().getInt(0) : 0;
          error = error == 0 ? code : error;
          if (number == last || code != 0) {
            require(what, error, number - first);
            return;
          }
        } else {
          replies.add(reply);
        }
      }
    }
  }

  private void require(String what, int error, int message) throws KernelException {
    if (error != 0) {
      drain();
      throw new NetlinkRefusal(what, error, message);
    }
  }

  /**
   * Reads what else was refused. The kernel answers before it returns from the request, and would
   * answer no other one while more answers than there is room for are left unread.
   */
  private void drain() throws KernelException {
    while (Poll.readable(socket, Duration.ZERO)) {
      try {
        var _ = read();
      } catch (KernelException e) {
        // There were more answers than there was room for.
        if (!e.is(Errno.ENOBUFS)) {
          throw e;
        }
      }
    }
  }

  private ByteBuffer read() throws KernelException {
    byte[] buffer = new byte[BUFFER];
    int length = FileData.read(socket, buffer, 0, buffer.length);
    return ByteBuffer.wrap(buffer, 0, Math.max(length, 0)).order(ByteOrder.nativeOrder());
  }

  private static NetlinkReply reply(ByteBuffer messages) {
    int at = messages.position();
    int length = messages.getInt(at);
    int end = Math.min(at + Math.max(length, NetlinkMessage.HEADER), messages.limit());
    byte[] content =
        Arrays.copyOfRange(
            messages.array(),
            messages.arrayOffset() + at + NetlinkMessage.HEADER,
            messages.arrayOffset() + end);
    messages.position(Math.min(at + NetlinkMessage.align(end - at), messages.limit()));
    return new NetlinkReply(
        Short.toUnsignedInt(messages.getShort(at + 4)), messages.getInt(at + 12), content);
  }

  @Override
  public void close() {
    socket.close();
  }
}
