package dev.coffer.network.firewall;

import dev.coffer.kernel.Errno;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.NetlinkMessage;
import dev.coffer.kernel.NetlinkReply;
import dev.coffer.kernel.NetlinkReply.Attributes;
import dev.coffer.kernel.NetlinkSocket;
import dev.coffer.network.nft.Family;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The connections that the kernel tracks. As long as it knows one, it sends its packets where it
 * sent the first, whatever the rules say by now.
 *
 * <p>Source: include/uapi/linux/netfilter/nfnetlink_conntrack.h; net/netfilter/nf_internals.h for
 * the bits of {@code CTA_FILTER}.
 */
final class Connections {
  private static final int GET = 1 << 8 | 1;
  private static final int DELETE = 1 << 8 | 2;
  private static final int HEADER = 4;

  private static final int ORIGINAL = 1;
  private static final int REPLY = 2;
  private static final int STATUS = 3;
  private static final int STATUS_MASK = 26;
  private static final int NESTED = 0x8000;

  private static final int ANSWERED = 1 << 1;
  private static final int REDIRECTED = 1 << 5;

  private final NetlinkSocket socket;

  Connections(NetlinkSocket socket) {
    this.socket = socket;
  }

  /**
   * A connection.
   *
   * @param family of its addresses
   * @param name how the kernel finds it again
   * @param protocol the protocol's number
   * @param to the address that was asked
   * @param toPort and its port
   * @param answering the address that answers, which is another one where ports are published
   * @param answeringPort and its port
   */
  record Connection(
      Family family,
      ByteBuffer name,
      int protocol,
      InetAddress to,
      int toPort,
      InetAddress answering,
      int answeringPort) {

    private boolean isTo(PortForward forward) {
      InetAddress address = forward.hostAddress();
      return protocol == forward.protocol().number()
          && toPort == forward.hostPort()
          && (address.isAnyLocalAddress()
              ? address.getClass() == to.getClass()
              : address.equals(to));
    }

    /** Whether it was led into a container by a forward. */
    boolean cameBy(PortForward forward) {
      return isTo(forward)
          && answeringPort == forward.containerPort()
          && answering.equals(forward.containerAddress());
    }

    /** Whether a forward would lead it into a container, had it not begun before. */
    boolean wouldComeBy(PortForward forward) {
      return isTo(forward);
    }
  }

  /** Those whose destination was rewritten. */
  List<Connection> redirected() throws KernelException {
    return list(REDIRECTED, REDIRECTED);
  }

  /** Those that go where they were sent, and that nobody has answered. */
  List<Connection> unanswered() throws KernelException {
    return list(0, REDIRECTED | ANSWERED);
  }

  private List<Connection> list(int status, int mask) throws KernelException {
    NetlinkMessage all =
        message(GET, NetlinkMessage.DUMP, 0)
            .putNetworkInt(STATUS, status)
            .putNetworkInt(STATUS_MASK, mask);
    List<Connection> connections = new ArrayList<>();
    for (NetlinkReply each : socket.query("list connections", all)) {
      read(each).ifPresent(connections::add);
    }
    return connections;
  }

  /** Empty for one without ports. */
  private static Optional<Connection> read(NetlinkReply reply) {
    Attributes all = reply.attributes(HEADER);
    boolean six = reply.fixed().get(0) == Family.IPV6.number();
    Attributes asked = all.nested(ORIGINAL);
    Attributes answers = all.nested(REPLY);
    Attributes ports = asked.nested(2);
    if (ports.bytes(3).isEmpty() || answers.nested(2).bytes(2).isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Connection(
            six ? Family.IPV6 : Family.IPV4,
            ByteBuffer.wrap(all.bytes(ORIGINAL).orElseThrow()),
            ports.bytes(1).orElseThrow()[0] & 0xff,
            address(asked, six ? 4 : 2),
            port(ports, 3),
            address(answers, six ? 3 : 1),
            port(answers.nested(2), 2)));
  }

  private static InetAddress address(Attributes tuple, int attribute) {
    try {
      return InetAddress.getByAddress(tuple.nested(1).bytes(attribute).orElseThrow());
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static int port(Attributes ports, int attribute) {
    return Short.toUnsignedInt(ByteBuffer.wrap(ports.bytes(attribute).orElseThrow()).getShort());
  }

  /** Has the kernel forget one; nothing happens when it has ended. */
  void forget(Connection connection) throws KernelException {
    try {
      socket.request(
          "forget a connection to port " + connection.toPort(),
          message(DELETE, 0, connection.family().number())
              .put(ORIGINAL | NESTED, connection.name().array()));
    } catch (KernelException e) {
      if (!e.is(Errno.ENOENT)) {
        throw e;
      }
    }
  }

  private static NetlinkMessage message(int type, int flags, int family) {
    return NetlinkMessage.of(type, flags).fixed((byte) family, (byte) 0, (byte) 0, (byte) 0);
  }
}
