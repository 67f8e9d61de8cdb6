package dev.coffer.runtime.criu;

import dev.coffer.kernel.Errno;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.Poll;
import dev.coffer.kernel.SocketMessage;
import dev.coffer.kernel.SocketMessage.Received;
import dev.coffer.kernel.UnixSocket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A conversation with one process of criu, which lasts for one dump or restoration.
 *
 * <pre>
 * here                                criu
 *   VERSION, FEATURE_CHECK    ──►
 *                             ◄──       answers
 *   DUMP, RESTORE, PRE_DUMP   ──►
 *                             ◄──       NOTIFY, which it waits for
 *   NOTIFY                    ──►
 *                             ◄──       its last word
 * </pre>
 *
 * For one thread.
 */
public final class CriuSession implements AutoCloseable {
  private static final Duration STEP = Duration.ofMillis(500);

  /** How long it takes to save a container is for its memory to say. */
  private static final Duration UNLIMITED = Duration.ofNanos(Long.MAX_VALUE);

  private static final String GONE = "it has ended without an answer";
  private static final int LONGEST_ANSWER = 1 << 16;

  private final Fd own;
  private final Fd criu;

  private final Waiting waiting;
  private Optional<Fd> process = Optional.empty();

  private CriuSession(UnixSocket.Pair ends, Waiting waiting) {
    this.own = ends.first();
    this.criu = ends.second();
    this.waiting = waiting;
  }

  /**
   * How it is waited for criu; the action is interrupted where nobody wants its result any more.
   */
  public interface Waiting {
    <T> T await(Supplier<T> action);
  }

  /** A session for a criu that is still to be started. */
  public static CriuSession open(Waiting waiting) throws IOException {
    return new CriuSession(UnixSocket.pair(UnixSocket.SEQPACKET), waiting);
  }

  /** The end for criu, which {@link #started} closes here. */
  public Fd end() {
    return criu;
  }

  /**
   * Criu has its end: when it has gone, that is seen.
   *
   * @param pidfd criu, by which its end is seen even where what it was restoring still has the
   *     socket; to stay open as long as this does
   */
  public void started(Optional<Fd> pidfd) {
    criu.close();
    process = pidfd;
  }

  /** Which release it is. */
  public CriuVersion version() throws IOException {
    CriuAnswer answer = ask(new ProtobufWriter().number(1, RequestType.VERSION.number()));
    return answer.version().orElseThrow(() -> failure(answer));
  }

  /** Whether the host has what a feature needs. */
  public boolean has(CriuFeature feature) throws IOException {
    CriuAnswer answer =
        ask(
            new ProtobufWriter()
                .number(1, RequestType.FEATURE_CHECK.number())
                .message(5, new ProtobufWriter().flag(feature.field(), true)));
    if (!answer.success()) {
      throw failure(answer);
    }
    return answer.features().filter(each -> each.flag(feature.field())).isPresent();
  }

  /** Asks for something after which criu waits for more. */
  private CriuAnswer ask(ProtobufWriter request) throws IOException {
    send(request.flag(4, true));
    CriuAnswer answer = receive();
    answer.descriptors().forEach(Fd::close);
    return answer;
  }

  /**
   * Has it save or restore.
   *
   * @return the pid of what it has restored; empty otherwise
   * @throws CriuException with its own words where it cannot
   */
  public Optional<Integer> perform(RequestType type, CriuOptions options, CriuEvents events)
      throws IOException {
    send(new ProtobufWriter().number(1, type.number()).message(2, options.message()));
    CriuAnswer answer = receive();
    while (answer.script().isPresent()) {
      tell(answer, events);
      send(new ProtobufWriter().number(1, RequestType.NOTIFY.number()).flag(3, true));
      answer = receive();
    }
    answer.descriptors().forEach(Fd::close);
    if (!answer.success()) {
      throw failure(answer);
    }
    return answer.pid();
  }

  private static void tell(CriuAnswer answer, CriuEvents events) throws IOException {
    Optional<Fd> descriptor = answer.descriptors().stream().findFirst();
    if (answer.script().get().equals("orphan-pts-master") && descriptor.isPresent()) {
      events.terminalMade(descriptor.get());
      return;
    }
    answer.descriptors().forEach(Fd::close);
    switch (answer.script().get()) {
      case "setup-namespaces" -> events.namespacesMade(pid(answer));
      case "post-restore" -> events.restored(pid(answer));
      case "status-ready" -> events.pagesReady();
      // Of the other stages nobody here has to know.
      default -> {}
    }
  }

  private static int pid(CriuAnswer answer) throws IOException {
    return answer.pid().orElseThrow(() -> new IOException("malformed message from criu: no pid"));
  }

  private static CriuException failure(CriuAnswer answer) {
    return new CriuException(
        answer
            .error()
            .orElseGet(
                () ->
                    answer.errno() == 0
                        ? "it does not say why"
                        : KernelException.describe(answer.errno())));
  }

  private void send(ProtobufWriter message) throws IOException {
    byte[] bytes = message.toBytes();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment copy = arena.allocate(bytes.length);
      copy.copyFrom(MemorySegment.ofArray(bytes));
      int ignored = SocketMessage.send(own, copy, List.of(), 0);
    } catch (KernelException e) {
      throw gone(e);
    }
  }

  private CriuAnswer receive() throws IOException {
    if (!waiting.await(() -> isReadable(own, UNLIMITED, process))) {
      throw new CriuException(GONE);
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(LONGEST_ANSWER);
      Received received = SocketMessage.receive(own, buffer, 1, 0);
      if (received.size() == 0) {
        throw new CriuException(GONE);
      }
      return CriuAnswer.read(
          buffer.asSlice(0, received.size()).asByteBuffer(), received.descriptors());
    } catch (KernelException e) {
      throw gone(e);
    }
  }

  /** False where the patience is over, or where it has ended who could have written. */
  private static boolean isReadable(Fd descriptor, Duration patience, Optional<Fd> writer) {
    long begin = System.nanoTime();
    try {
      while (!Poll.readable(descriptor, STEP)) {
        if (Thread.interrupted()) {
          throw new UncheckedIOException(new CriuException("the caller has left"));
        }
        if (System.nanoTime() - begin >= patience.toNanos()) {
          return false;
        }
        if (writer.isPresent() && Poll.readable(writer.get(), Duration.ZERO)) {
          return Poll.readable(descriptor, Duration.ZERO);
        }
      }
      return true;
    } catch (KernelException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static IOException gone(KernelException cause) {
    return cause.is(Errno.ECONNRESET) || cause.is(Errno.EPIPE) ? new CriuException(GONE) : cause;
  }

  /**
   * Ends the conversation, upon which criu ends, too: it has said its last word, or waits for one.
   *
   * @param pidfd criu
   * @return whether it has ended before the patience was over
   */
  public boolean hangUp(Fd pidfd, Duration patience) {
    close();
    return waiting.await(() -> isReadable(pidfd, patience, Optional.empty()));
  }

  @Override
  public void close() {
    criu.close();
    own.close();
  }
}
