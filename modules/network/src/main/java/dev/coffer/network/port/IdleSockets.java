package dev.coffer.network.port;

import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.NetlinkMessage;
import dev.coffer.kernel.NetlinkReply;
import dev.coffer.kernel.NetlinkSocket;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Sockets of TCP that have a port and do nothing with it, as those of other engines do, in the
 * network namespace that the calling thread is in. They are in no table below {@code /proc}.
 *
 * <p>Source: sock_diag(7); include/uapi/linux/inet_diag.h.
 */
final class IdleSockets {
  private static final int DIAGNOSIS = 4;
  private static final int BY_FAMILY = 20;
  private static final byte TCP = 6;
  private static final byte AF_INET = 2;
  private static final byte AF_INET6 = 10;

  /** {@code TCP_BOUND_INACTIVE} as a bit. */
  private static final int BOUND = 1 << 13;

  /** {@code struct inet_diag_sockid}, which begins with the local port. */
  private static final int NAME_SIZE = 48;

  private static final int NAME_AT = 4;
  private static final int ADDRESS_AT = NAME_AT + 4;
  private static final int INODE_AT = NAME_AT + NAME_SIZE + 16;

  private IdleSockets() {}

  /** The numbers of those that keep others from a port; none from kernels before 6.8. */
  static Set<Long> of(InetAddress address, int port) {
    Set<Long> inodes = new HashSet<>();
    try (NetlinkSocket socket = NetlinkSocket.open(DIAGNOSIS)) {
      for (byte family : List.of(AF_INET, AF_INET6)) {
        for (NetlinkReply reply : socket.query("list sockets", request(family, port))) {
          // The kernel does not look at the port of these.
          if (port(reply) == port && PortHolders.clash(address(reply, family), address)) {
            inodes.add(Integer.toUnsignedLong(reply.fixed().getInt(INODE_AT)));
          }
        }
      }
    } catch (KernelException unknown) {
      // A kernel that does not tell; the port is taken all the same.
      return inodes;
    }
    return inodes;
  }

  private static NetlinkMessage request(byte family, int port) {
    byte[] name = ByteBuffer.allocate(NAME_SIZE).putShort((short) port).array();
    return NetlinkMessage.of(BY_FAMILY, NetlinkMessage.DUMP)
        .fixed(family, TCP, (byte) 0, (byte) 0)
        .fixedInt(BOUND)
        .fixed(name);
  }

  private static int port(NetlinkReply reply) {
    byte[] all = reply.fixed().array();
    return (all[NAME_AT] & 0xff) << 8 | (all[NAME_AT + 1] & 0xff);
  }

  private static InetAddress address(NetlinkReply reply, byte family) {
    int length = family == AF_INET ? 4 : 16;
    byte[] all = reply.fixed().array();
    try {
      return InetAddress.getByAddress(Arrays.copyOfRange(all, ADDRESS_AT, ADDRESS_AT + length));
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
