package dev.coffer.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** Sending and receiving bytes with descriptors: {@code sendmsg(2)}, {@code SCM_RIGHTS}. */
public final class SocketMessage {
  /** Most descriptors that one message carries: the kernel's {@code SCM_MAX_FD}. */
  public static final int MAXIMUM_DESCRIPTORS = 253;

  /** Fail with {@code EAGAIN} instead of waiting. */
  public static final int DO_NOT_WAIT = 0x40;

  private static final int MSG_CTRUNC = 0x8;
  private static final int MSG_NOSIGNAL = 0x4000;
  private static final int MSG_CMSG_CLOEXEC = 0x40000000;
  private static final int SOL_SOCKET = 1;
  private static final int SCM_RIGHTS = 1;
  private static final int HEADER_SIZE = 56;
  private static final int VECTOR_SIZE = 16;
  private static final int CONTROL_HEADER_SIZE = 16;

  private SocketMessage() {}

  /**
   * What was received.
   *
   * @param size in bytes; 0 is the end of the stream
   * @param descriptors the receiver's to close
   */
  public record Received(int size, List<Fd> descriptors) {
    public Received {
      descriptors = List.copyOf(descriptors);
    }
  }

  /**
   * Sends bytes from native memory, and descriptors with the first of them.
   *
   * @param flags 0 or {@link #DO_NOT_WAIT}
   * @return how many bytes went; the descriptors went with them if any did
   */
  public static int send(Fd socket, MemorySegment bytes, List<Fd> descriptors, int flags)
      throws KernelException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment control = arena.allocate(controlSize(descriptors.size()), 8);
      if (!descriptors.isEmpty()) {
        control.set(JAVA_LONG, 0, CONTROL_HEADER_SIZE + 4L * descriptors.size());
        control.set(JAVA_INT, 8, SOL_SOCKET);
        control.set(JAVA_INT, 12, SCM_RIGHTS);
        for (int i = 0; i < descriptors.size(); i++) {
          control.set(JAVA_INT, CONTROL_HEADER_SIZE + 4L * i, descriptors.get(i).number());
        }
      }
      MemorySegment header = header(arena, bytes, control);
      long result =
          Syscall.call(Call.SENDMSG, socket.number(), header.address(), flags | MSG_NOSIGNAL);
      if (result < 0) {
        throw KernelException.of(Call.SENDMSG, result, socket, bytes.byteSize());
      }
      return (int) result;
    }
  }

  /**
   * Receives bytes into native memory, and up to {@code most} descriptors.
   *
   * @param flags 0 or {@link #DO_NOT_WAIT}
   * @throws KernelException also {@code EMSGSIZE} where more descriptors came; all are closed then
   */
  public static Received receive(Fd socket, MemorySegment into, int most, int flags)
      throws KernelException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment control = arena.allocate(controlSize(most), 8);
      MemorySegment header = header(arena, into, control);
      long result =
          Syscall.call(Call.RECVMSG, socket.number(), header.address(), flags | MSG_CMSG_CLOEXEC);
      if (result < 0) {
        throw KernelException.of(Call.RECVMSG, result, socket);
      }
      List<Fd> descriptors = descriptors(control, header.get(JAVA_LONG, 40));
      if ((header.get(JAVA_INT, 48) & MSG_CTRUNC) != 0) {
        descriptors.forEach(Fd::close);
        throw new KernelException(
            Call.RECVMSG.title(), Errno.EMSGSIZE.number(), socket, "too many descriptors");
      }
      return new Received((int) result, descriptors);
    }
  }

  /** The layout of {@code struct msghdr} on 64-bit machines. */
  private static MemorySegment header(Arena arena, MemorySegment bytes, MemorySegment control) {
    MemorySegment vector = arena.allocate(VECTOR_SIZE, 8);
    vector.set(ADDRESS, 0, bytes);
    vector.set(JAVA_LONG, 8, bytes.byteSize());
    MemorySegment header = arena.allocate(HEADER_SIZE, 8);
    header.set(ADDRESS, 16, vector);
    header.set(JAVA_LONG, 24, 1);
    if (control.byteSize() > 0) {
      header.set(ADDRESS, 32, control);
      header.set(JAVA_LONG, 40, control.byteSize());
    }
    return header;
  }

  private static long controlSize(int descriptors) {
    return descriptors == 0 ? 0 : CONTROL_HEADER_SIZE + ((4L * descriptors + 7) & ~7L);
  }

  private static List<Fd> descriptors(MemorySegment control, long size) {
    List<Fd> descriptors = new ArrayList<>();
    for (long at = 0; at + CONTROL_HEADER_SIZE <= size; ) {
      long length = control.get(JAVA_LONG, at);
      if (control.get(JAVA_INT, at + 8) == SOL_SOCKET
          && control.get(JAVA_INT, at + 12) == SCM_RIGHTS) {
        for (long each = at + CONTROL_HEADER_SIZE; each + 4 <= at + length; each += 4) {
          descriptors.add(Fd.of(control.get(JAVA_INT, each)));
        }
      }
      at += (length + 7) & ~7L;
    }
    return descriptors;
  }
}
