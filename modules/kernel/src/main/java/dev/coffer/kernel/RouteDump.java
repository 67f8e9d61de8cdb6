package dev.coffer.kernel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the kernel knows of network devices and their addresses, in the network namespace of the
 * calling thread (rtnetlink(7)).
 */
public final class RouteDump {
  private static final int AF_NETLINK = 16;
  private static final int SOCK_RAW = 3;
  private static final int SOCK_CLOEXEC = 02000000;
  private static final int NETLINK_ROUTE = 0;
  private static final int REQUEST_DUMP = 0x301;
  private static final int NLMSG_ERROR = 2;
  private static final int NLMSG_DONE = 3;
  private static final int GET_LINK = 18;
  private static final int GET_ADDRESS = 22;
  private static final int HEADER_SIZE = 16;
  private static final int REQUEST_SIZE = 32;
  private static final int LINK_SIZE = 16;
  private static final int ADDRESS_SIZE = 8;
  private static final int BUFFER_SIZE = 1 << 16;

  private RouteDump() {}

  /**
   * A message about a device or an address.
   *
   * @param fixed the structure that it begins with: {@code ifinfomsg} or {@code ifaddrmsg}
   * @param attributes contents by number
   */
  public record Entry(ByteBuffer fixed, Map<Integer, byte[]> attributes) {}

  /** All devices, {@code ifinfomsg} with {@code IFLA_*}. */
  public static List<Entry> links() throws KernelException {
    return dump(GET_LINK, LINK_SIZE);
  }

  /** All addresses, {@code ifaddrmsg} with {@code IFA_*}. */
  public static List<Entry> addresses() throws KernelException {
    return dump(GET_ADDRESS, ADDRESS_SIZE);
  }

  private static List<Entry> dump(int type, int fixedSize) throws KernelException {
    long made = Syscall.call(Call.SOCKET, AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
    if (made < 0) {
      throw KernelException.of(Call.SOCKET, made, "netlink");
    }
    try (Fd socket = Fd.of((int) made)) {
      ByteBuffer request = ByteBuffer.allocate(REQUEST_SIZE).order(ByteOrder.nativeOrder());
      request.putInt(REQUEST_SIZE).putShort((short) type).putShort((short) REQUEST_DUMP);
      FileData.writeAll(socket, request.array());
      List<Entry> entries = new ArrayList<>();
      byte[] buffer = new byte[BUFFER_SIZE];
      boolean more = true;
      while (more) {
        int length = FileData.read(socket, buffer, 0, buffer.length);
        ByteBuffer messages = ByteBuffer.wrap(buffer, 0, length).order(ByteOrder.nativeOrder());
        more = length > 0 && read(messages, fixedSize, entries);
      }
      return entries;
    }
  }

  /** Reads the messages of one answer; false when the last of all was among them. */
  private static boolean read(ByteBuffer messages, int fixedSize, List<Entry> entries)
      throws KernelException {
    while (messages.remaining() >= HEADER_SIZE) {
      int at = messages.position();
      int size = messages.getInt(at);
      short type = messages.getShort(at + 4);
      if (type == NLMSG_DONE) {
        return false;
      }
      if (type == NLMSG_ERROR) {
        throw KernelException.of(Call.READ, messages.getInt(at + HEADER_SIZE), "netlink");
      }
      entries.add(entry(slice(messages, at + HEADER_SIZE, size - HEADER_SIZE), fixedSize));
      messages.position(Math.min(at + align(size), messages.limit()));
    }
    return true;
  }

  private static Entry entry(ByteBuffer message, int fixedSize) {
    Map<Integer, byte[]> attributes = new LinkedHashMap<>();
    int at = fixedSize;
    while (at + 4 <= message.limit()) {
      int length = Short.toUnsignedInt(message.getShort(at));
      byte[] content = new byte[length - 4];
      message.get(at + 4, content);
      attributes.put((int) message.getShort(at + 2), content);
      at += align(length);
    }
    return new Entry(slice(message, 0, fixedSize), attributes);
  }

  /** A copy: the buffer is used again for the next answer. */
  private static ByteBuffer slice(ByteBuffer from, int at, int length) {
    int start = from.arrayOffset() + at;
    byte[] copy = Arrays.copyOfRange(from.array(), start, start + length);
    return ByteBuffer.wrap(copy).order(ByteOrder.nativeOrder());
  }

  private static int align(int length) {
    return (length + 3) & ~3;
  }
}
