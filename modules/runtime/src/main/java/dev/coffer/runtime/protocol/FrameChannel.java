package dev.coffer.runtime.protocol;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import dev.coffer.kernel.Errno;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileData;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.SocketMessage;
import dev.coffer.kernel.UnixSocket;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Frames over a Unix stream socket, which the channel owns. Many threads may send, one receives.
 *
 * <p>Header and payload are received by calls of their own and never beyond, so that the
 * descriptors which the kernel hands over with them are surely the frame's.
 */
public final class FrameChannel implements AutoCloseable {
  private final Fd socket;
  private final byte[] header = new byte[Protocol.HEADER_SIZE];
  private final List<Fd> descriptors = new ArrayList<>();
  private int headerSize;
  private byte[] payload;
  private int payloadSize;

  public FrameChannel(Fd socket) {
    this.socket = socket;
  }

  /** The socket, for waiting on it. */
  public Fd socket() {
    return socket;
  }

  /**
   * Sends a whole frame, and waits for room where there is none.
   *
   * @throws IOException where the peer is gone
   */
  public synchronized void send(Frame frame) throws IOException {
    int size = Protocol.HEADER_SIZE + frame.payload().length;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment bytes = arena.allocate(size);
      bytes.set(JAVA_INT_UNALIGNED, 0, frame.payload().length);
      bytes.set(JAVA_SHORT_UNALIGNED, 4, (short) frame.type().number());
      MemorySegment.copy(
          frame.payload(), 0, bytes, JAVA_BYTE, Protocol.HEADER_SIZE, frame.payload().length);
      int done = SocketMessage.send(socket, bytes, frame.descriptors(), 0);
      FileData.writeAll(socket, bytes.asSlice(done));
    }
  }

  /**
   * Waits for the next frame.
   *
   * @return empty at the end of the stream between two frames
   * @throws ProtocolException for a peer that does not keep to the protocol
   * @throws IOException where the connection broke
   */
  public Optional<Frame> receive() throws IOException {
    while (true) {
      if (!fill(0)) {
        return Optional.empty();
      }
      if (isWhole()) {
        return Optional.of(take());
      }
    }
  }

  /** What {@link #tryReceive} found. */
  public sealed interface Attempt {
    /** A whole frame. */
    record Arrived(Frame frame) implements Attempt {}

    /** Nothing, or only a frame's beginning, which is kept. */
    record NotYet() implements Attempt {}

    /** The end of the stream. */
    record Ended() implements Attempt {}
  }

  /** As {@link #receive}, but takes only what has already arrived. */
  public Attempt tryReceive() throws IOException {
    try {
      while (true) {
        if (!fill(SocketMessage.DO_NOT_WAIT)) {
          return new Attempt.Ended();
        }
        if (isWhole()) {
          return new Attempt.Arrived(take());
        }
      }
    } catch (KernelException e) {
      if (e.is(Errno.EAGAIN)) {
        return new Attempt.NotYet();
      }
      throw e;
    }
  }

  /** Wakes the threads that receive or send, which see the end. What was sent arrives. */
  public void shutdown() throws IOException {
    UnixSocket.shutdown(socket, UnixSocket.SHUT_BOTH);
  }

  /**
   * Closes the socket; what was sent arrives. No thread may be receiving, others may be sending.
   */
  @Override
  public void close() {
    if (socket.isOpen()) {
      try {
        // A sender that waits for room would keep the lock for as long as the peer likes.
        shutdown();
      } catch (IOException e) {
        // Whatever is wrong with the connection, closing it is all that is left to do.
      }
    }
    synchronized (this) {
      descriptors.forEach(Fd::close);
      descriptors.clear();
      socket.close();
    }
  }

  private boolean isWhole() {
    return payload != null && payloadSize == payload.length;
  }

  /** One receive into header or payload; false at the end of the stream. */
  private boolean fill(int flags) throws IOException {
    boolean inHeader = payload == null;
    byte[] target = inHeader ? header : payload;
    int from = inHeader ? headerSize : payloadSize;
    int size = receive(target, from, flags);
    if (size == 0) {
      if (from > 0 || !inHeader) {
        throw new ProtocolException("cannot receive a frame: the peer left in the middle of it");
      }
      return false;
    }
    if (inHeader) {
      headerSize += size;
      if (headerSize == Protocol.HEADER_SIZE) {
        payload = new byte[payloadLength()];
      }
    } else {
      payloadSize += size;
    }
    return true;
  }

  private int receive(byte[] target, int from, int flags) throws KernelException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment into = arena.allocate(target.length - from);
      SocketMessage.Received received =
          SocketMessage.receive(socket, into, Protocol.MAXIMUM_DESCRIPTORS, flags);
      descriptors.addAll(received.descriptors());
      MemorySegment.copy(into, JAVA_BYTE, 0, target, from, received.size());
      return received.size();
    }
  }

  private int payloadLength() throws ProtocolException {
    int length = MemorySegment.ofArray(header).get(JAVA_INT_UNALIGNED, 0);
    FrameType type = type();
    int most = type.isLarge() ? Protocol.MAXIMUM_FRAME : Protocol.MAXIMUM_DATA;
    if (length < 0 || length > most) {
      throw new ProtocolException(
          "cannot receive frame %s: %d bytes are more than the %d allowed"
              .formatted(type, Integer.toUnsignedLong(length), most));
    }
    return length;
  }

  private FrameType type() throws ProtocolException {
    int number = Short.toUnsignedInt(MemorySegment.ofArray(header).get(JAVA_SHORT_UNALIGNED, 4));
    return FrameType.of(number)
        .orElseThrow(() -> new ProtocolException("cannot receive a frame: unknown type " + number));
  }

  private Frame take() throws ProtocolException {
    Frame frame = new Frame(type(), payload, descriptors);
    descriptors.clear();
    headerSize = 0;
    payload = null;
    payloadSize = 0;
    return frame;
  }
}
