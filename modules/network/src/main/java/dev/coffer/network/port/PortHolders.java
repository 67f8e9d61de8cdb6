package dev.coffer.network.port;

import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.ProcFile;
import dev.coffer.network.firewall.Protocol;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/**
 * Which programs have a port of the network namespace that the calling thread is in. A socket of
 * TCP that is bound and does not listen is not found.
 *
 * <p>Source: proc_net(5): {@code /proc/net/tcp}; proc_pid_fd(5).
 */
final class PortHolders {
  private static final int LOCAL = 1;
  private static final int STATE = 3;
  private static final int INODE = 9;
  private static final String LISTENING = "0A";

  private PortHolders() {}

  /**
   * A program.
   *
   * @param program its name
   * @param pid its number
   */
  record Holder(String program, long pid) {
    @Override
    public String toString() {
      return "\"%s\" (pid %d)".formatted(program, pid);
    }
  }

  /** Those that keep others from taking it; none when they cannot be found out. */
  static List<Holder> of(Protocol protocol, InetAddress address, int port) {
    if (protocol == Protocol.SCTP) {
      return List.of();
    }
    Set<String> sockets = new HashSet<>();
    for (String suffix : List.of("", "6")) {
      String table = table(protocol.word() + suffix);
      sockets.addAll(sockets(table, protocol == Protocol.TCP, address, port));
    }
    if (protocol == Protocol.TCP) {
      IdleSockets.of(address, port).forEach(inode -> sockets.add("socket:[" + inode + "]"));
    }
    return sockets.isEmpty() ? List.of() : holders(sockets);
  }

  private static String table(String name) {
    try {
      return ProcFile.read("/proc/thread-self/net/" + name);
    } catch (KernelException unreadable) {
      // A kernel without this kind; the port is taken all the same.
      return "";
    }
  }

  /** What links to the sockets look like, of a table of them. */
  static Set<String> sockets(String table, boolean listening, InetAddress address, int port) {
    Set<String> sockets = new HashSet<>();
    table
        .lines()
        .skip(1)
        .map(line -> line.strip().split("\\s+"))
        .filter(fields -> fields.length > INODE)
        .filter(fields -> !listening || fields[STATE].equals(LISTENING))
        .filter(fields -> isAt(fields[LOCAL], address, port))
        .forEach(fields -> sockets.add("socket:[" + fields[INODE] + "]"));
    return sockets;
  }

  private static boolean isAt(String local, InetAddress address, int port) {
    int colon = local.indexOf(':');
    if (Integer.parseInt(local.substring(colon + 1), 16) != port) {
      return false;
    }
    return clash(address(local.substring(0, colon)), address);
  }

  /** Whether two cannot have the same port: one that is everywhere by IPv6 may be so by IPv4. */
  static boolean clash(InetAddress one, InetAddress other) {
    return one.isAnyLocalAddress() || other.isAnyLocalAddress() || one.equals(other);
  }

  /** Words of 32 bits, each in the machine's order. */
  private static InetAddress address(String hex) {
    byte[] bytes = HexFormat.of().parseHex(hex);
    ByteBuffer from = ByteBuffer.wrap(bytes);
    ByteBuffer to = ByteBuffer.allocate(bytes.length).order(ByteOrder.nativeOrder());
    while (from.remaining() >= 4) {
      to.putInt(from.getInt());
    }
    try {
      return InetAddress.getByAddress(to.array());
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static List<Holder> holders(Set<String> sockets) {
    List<Holder> holders = new ArrayList<>();
    ProcessHandle.allProcesses()
        .filter(process -> holdsOne(process.pid(), sockets))
        .forEach(process -> holders.add(new Holder(name(process.pid()), process.pid())));
    return holders;
  }

  private static boolean holdsOne(long pid, Set<String> sockets) {
    try (DirectoryStream<Path> descriptors =
        Files.newDirectoryStream(Path.of("/proc/" + pid + "/fd"))) {
      for (Path descriptor : descriptors) {
        if (sockets.contains(Files.readSymbolicLink(descriptor).toString())) {
          return true;
        }
      }
    } catch (IOException | DirectoryIteratorException ended) {
      // It has, or its descriptor has been closed.
      return false;
    }
    return false;
  }

  private static String name(long pid) {
    try {
      return ProcFile.read("/proc/" + pid + "/comm").strip();
    } catch (KernelException ended) {
      return "?";
    }
  }
}
