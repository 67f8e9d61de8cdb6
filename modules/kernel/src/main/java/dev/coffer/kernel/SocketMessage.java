package dev.coffer.kernel;

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
        NativeWords.setLong(control, 0, CONTROL_HEADER_SIZE + 4L * descriptors.size());
        NativeWords.setInt(control, 8, SOL_SOCKET);
        NativeWords.setInt(control, 12, SCM_RIGHTS);
        for (int i = 0; i < descriptors.size(); i++) {
          NativeWords.setInt(control, CONTROL_HEADER_SIZE + 4L * i, descriptors.get(i).number());
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
      List<Fd> descriptors = descriptors(control, NativeWords.getLong(header, 40));
      if ((NativeWords.getInt(header, 48) & MSG_CTRUNC) != 0) {
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
    NativeWords.setLong(vector, 0, bytes.address());
    NativeWords.setLong(vector, 8, bytes.byteSize());
    MemorySegment header = arena.allocate(HEADER_SIZE, 8);
    NativeWords.setLong(header, 16, vector.address());
    NativeWords.setLong(header, 24, 1);
    if (control.byteSize() > 0) {
      NativeWords.setLong(header, 32, control.address());
      NativeWords.setLong(header, 40, control.byteSize());
    }
    return header;
  }

  private static long controlSize(int descriptors) {
    return descriptors == 0 ? 0 : CONTROL_HEADER_SIZE + ((4L * descriptors + 7) & ~7L);
  }

  private static List<Fd> descriptors(MemorySegment control, long size) {
    List<Fd> descriptors = new ArrayList<>();
    for (long at = 0; at + CONTROL_HEADER_SIZE <= size; ) {
      long length = NativeWords.getLong(control, at);
      if (NativeWords.getInt(control, at + 8) == SOL_SOCKET
          && NativeWords.getInt(control, at + 12) == SCM_RIGHTS) {
        for (long each = at + CONTROL_HEADER_SIZE; each + 4 <= at + length; each += 4) {
          descriptors.add(Fd.of(NativeWords.getInt(control, each)));
        }
      }
      at += (length + 7) & ~7L;
    }
    return descriptors;
  }
}
