package dev.coffer.runtime.monitor;

import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.OpenFlags;
import dev.coffer.kernel.SocketMessage;
import dev.coffer.kernel.UnixSocket;
import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.Limits;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * An agent that answers for a filter: what it is told, and the calls that it lets seem to succeed.
 */
final class SeccompAgent {
  private static final long RECEIVE = 0xc0502100L;
  private static final long SEND = 0xc0182101L;
  private static final int NOTIFICATION_SIZE = 80;
  private static final int RESPONSE_SIZE = 24;
  private static final int STATE_LIMIT = 65536;
  private static final MethodHandle IOCTL =
      Linker.nativeLinker()
          .downcallHandle(
              Linker.nativeLinker().defaultLookup().findOrThrow("ioctl"),
              FunctionDescriptor.of(
                  ValueLayout.JAVA_INT,
                  ValueLayout.JAVA_INT,
                  ValueLayout.JAVA_LONG,
                  ValueLayout.ADDRESS),
              Linker.Option.firstVariadicArg(2));

  private final Fd listener;
  private final Path socket;

  SeccompAgent(Path directory) throws Exception {
    socket = directory.resolve("agent.sock");
    try (Fd parent = FileOpen.path(directory.toString(), OpenFlags.PATH)) {
      listener = UnixSocket.listen(parent, "agent.sock", UnixSocket.STREAM, 1);
    }
  }

  String path() {
    return socket.toString();
  }

  /** What came with one descriptor. */
  record Told(JsonCursor state, Fd descriptor) {}

  /** Waits for one container process. */
  Told accept() throws Exception {
    try (Fd connection = UnixSocket.accept(listener);
        Arena arena = Arena.ofConfined()) {
      MemorySegment bytes = arena.allocate(STATE_LIMIT);
      SocketMessage.Received received = SocketMessage.receive(connection, bytes, 4, 0);
      List<Fd> descriptors = received.descriptors();
      if (descriptors.size() != 1) {
        throw new IOException("got " + descriptors.size() + " descriptors");
      }
      byte[] text = bytes.asSlice(0, received.size()).toArray(ValueLayout.JAVA_BYTE);
      // One state a connection, which ends with it.
      if (SocketMessage.receive(connection, bytes, 0, 0).size() != 0) {
        throw new IOException("more than one state: " + new String(text, StandardCharsets.UTF_8));
      }
      return new Told(
          JsonCursor.read("container process state", text, Limits.CONFIG), descriptors.getFirst());
    }
  }

  /** Answers one call with success, without it having been made. Says which call it was. */
  static int pretend(Fd descriptor) throws Exception {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment notification = arena.allocate(NOTIFICATION_SIZE, Long.BYTES);
      ioctl(descriptor, RECEIVE, notification);
      MemorySegment response = arena.allocate(RESPONSE_SIZE, Long.BYTES);
      response.set(ValueLayout.JAVA_LONG, 0, notification.get(ValueLayout.JAVA_LONG, 0));
      ioctl(descriptor, SEND, response);
      return notification.get(ValueLayout.JAVA_INT, 16);
    }
  }

  private static void ioctl(Fd descriptor, long request, MemorySegment argument)
      throws IOException {
    int result;
    try {
      result = (int) IOCTL.invokeExact(descriptor.number(), request, argument);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
    if (result < 0) {
      throw new IOException("ioctl failed");
    }
  }

  void close() {
    listener.close();
  }
}
