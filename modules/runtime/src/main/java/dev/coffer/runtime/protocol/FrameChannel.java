package dev.coffer.runtime.protocol;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.coffer.kernel.Errno;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileData;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.NativeWords;
import dev.coffer.kernel.Poll;
import dev.coffer.kernel.SocketMessage;
import dev.coffer.kernel.UnixSocket;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Frames over a Unix stream socket, which the channel owns. Many threads may send, one receives.
 *
 * <p>Header and payload are received by calls of their own and never beyond, so that the
 * descriptors which the kernel hands over with them are surely the frame's.
 */
public final class FrameChannel implements AutoCloseable {
  /** A peer that promises much gets room as it sends. */
  private static final int PIECE = Protocol.MAXIMUM_DATA;

  private final Fd socket;
  private final int mostDescriptors;

  /** Permits for large frames; empty: this side counts none. */
  private final Optional<Semaphore> largeFrames;

  private boolean holdsPermit;
  private final byte[] header = new byte[Protocol.HEADER_SIZE];
  private final List<Fd> descriptors = new ArrayList<>();
  private int headerSize;
  private byte[] payload;
  private int payloadSize;
  private int payloadLength;

  /** With a peer of ours. */
  public FrameChannel(Fd socket) {
    this.socket = socket;
    this.mostDescriptors = Protocol.MAXIMUM_DESCRIPTORS;
    this.largeFrames = Optional.empty();
  }

  /**
   * With one of many peers who may promise frames and never send them. Large ones are received by
   * {@link #receiveWithin} alone.
   *
   * @param mostDescriptors with one frame
   * @param largeFrames a permit for each large frame of all such peers that is not whole yet
   */
  public FrameChannel(Fd socket, int mostDescriptors, Semaphore largeFrames) {
    this.socket = socket;
    this.mostDescriptors = mostDescriptors;
    this.largeFrames = Optional.of(largeFrames);
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
      NativeWords.setInt(bytes, 0, frame.payload().length);
      NativeWords.setShort(bytes, 4, (short) frame.type().number());
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
      if (!fill(0, OptionalLong.empty())) {
        return Optional.empty();
      }
      if (isWhole()) {
        return Optional.of(take());
      }
    }
  }

  /**
   * As {@link #receive}, from a peer who is given only so long for a whole frame.
   *
   * @throws ProtocolException also where the time is over
   */
  public Optional<Frame> receiveWithin(Duration limit) throws IOException {
    long deadline = System.nanoTime() + limit.toNanos();
    boolean empty = true;
    while (true) {
      Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
      // What belongs together is sent together: after a header there is mostly nothing to wait for.
      if (empty && !Poll.readable(socket, left)) {
        throw tooSlow();
      }
      try {
        empty = false;
        if (!fill(SocketMessage.DO_NOT_WAIT, OptionalLong.of(deadline))) {
          return Optional.empty();
        }
      } catch (KernelException e) {
        if (!e.is(Errno.EAGAIN)) {
          throw e;
        }
        empty = true;
      }
      if (isWhole()) {
        return Optional.of(take());
      }
    }
  }

  private static ProtocolException tooSlow() {
    return new ProtocolException("cannot receive a frame: the peer took too long");
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
        if (!fill(SocketMessage.DO_NOT_WAIT, OptionalLong.empty())) {
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

  /** Wakes the thread that receives, which sees the end of the stream. */
  public void stopReceiving() throws IOException {
    UnixSocket.shutdown(socket, UnixSocket.SHUT_READ);
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
      givePermitBack();
      socket.close();
    }
  }

  private boolean isWhole() {
    return payload != null && payloadSize == payloadLength;
  }

  /** One receive into header or payload; false at the end of the stream. */
  private boolean fill(int flags, OptionalLong deadline) throws IOException {
    boolean inHeader = payload == null;
    if (!inHeader && payloadSize == payload.length) {
      int more = Math.min(payloadLength - payloadSize, payloadSize);
      payload = Arrays.copyOf(payload, payloadSize + more);
    }
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
        begin(deadline);
      }
    } else {
      payloadSize += size;
    }
    return true;
  }

  private int receive(byte[] target, int from, int flags) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment into = arena.allocate(Math.min(target.length - from, PIECE));
      SocketMessage.Received received = SocketMessage.receive(socket, into, mostDescriptors, flags);
      descriptors.addAll(received.descriptors());
      if (descriptors.size() > mostDescriptors) {
        throw new ProtocolException(
            "cannot receive a frame: more than the %d descriptors allowed"
                .formatted(mostDescriptors));
      }
      MemorySegment.copy(into, JAVA_BYTE, 0, target, from, received.size());
      return received.size();
    }
  }

  /** The header is whole. */
  private void begin(OptionalLong deadline) throws ProtocolException {
    int length = NativeWords.getInt(MemorySegment.ofArray(header), 0);
    FrameType type = type();
    boolean mayBeLarge = type.isLarge() && (largeFrames.isEmpty() || deadline.isPresent());
    int most = mayBeLarge ? Protocol.MAXIMUM_FRAME : Protocol.MAXIMUM_DATA;
    if (length < 0 || length > most) {
      throw new ProtocolException(
          "cannot receive frame %s: %d bytes are more than the %d allowed"
              .formatted(type, Integer.toUnsignedLong(length), most));
    }
    if (length > Protocol.MAXIMUM_DATA && largeFrames.isPresent()) {
      awaitPermit(largeFrames.get(), deadline.orElseThrow());
    }
    payloadLength = length;
    payload = new byte[Math.min(length, PIECE)];
  }

  private void awaitPermit(Semaphore permits, long deadline) throws ProtocolException {
    try {
      holdsPermit = permits.tryAcquire(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (!holdsPermit) {
      throw tooSlow();
    }
  }

  private void givePermitBack() {
    if (holdsPermit) {
      holdsPermit = false;
      largeFrames.orElseThrow().release();
    }
  }

  private FrameType type() throws ProtocolException {
    int number = Short.toUnsignedInt(NativeWords.getShort(MemorySegment.ofArray(header), 4));
    return FrameType.of(number)
        .orElseThrow(() -> new ProtocolException("cannot receive a frame: unknown type " + number));
  }

  private Frame take() throws ProtocolException {
    Frame frame = new Frame(type(), payload, descriptors);
    descriptors.clear();
    givePermitBack();
    headerSize = 0;
    payload = null;
    payloadSize = 0;
    return frame;
  }
}
