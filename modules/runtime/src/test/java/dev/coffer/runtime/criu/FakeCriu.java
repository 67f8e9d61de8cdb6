package dev.coffer.runtime.criu;

import dev.coffer.kernel.Fd;
import dev.coffer.kernel.SocketMessage;
import dev.coffer.kernel.SocketMessage.Received;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The other end of a session: for each request it sends the next of its answers. */
final class FakeCriu {
  /** What it says, with a descriptor or without. */
  record Answer(ProtobufWriter message, List<Fd> descriptors) {
    Answer {
      descriptors = List.copyOf(descriptors);
    }
  }

  private final Fd end;
  private final Thread thread;
  private final List<Answer> answers;
  private final Queue<ProtobufMessage> requests = new ConcurrentLinkedQueue<>();

  private FakeCriu(Fd end, List<Answer> answers) {
    this.end = end;
    this.answers = List.copyOf(answers);
    this.thread = Thread.ofPlatform().start(this::serve);
  }

  /** Has the session's other end, as a criu that was started has a copy of it. */
  static FakeCriu of(CriuSession session, Answer... answers) throws IOException {
    return new FakeCriu(session.end().duplicate(), List.of(answers));
  }

  static Answer answer(ProtobufWriter message) {
    return new Answer(message, List.of());
  }

  static Answer success(RequestType type) {
    return answer(new ProtobufWriter().number(1, type.number()).flag(2, true));
  }

  static Answer notice(String script, int pid) {
    return answer(
        new ProtobufWriter()
            .number(1, RequestType.NOTIFY.number())
            .flag(2, true)
            .message(5, new ProtobufWriter().text(1, script).number(2, pid)));
  }

  private void serve() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(4096);
      for (Answer answer : answers) {
        Received received = SocketMessage.receive(end, buffer, 0, 0);
        if (received.size() == 0) {
          return;
        }
        byte[] copy = buffer.asSlice(0, received.size()).toArray(ValueLayout.JAVA_BYTE);
        requests.add(ProtobufMessage.read(ByteBuffer.wrap(copy)));
        byte[] bytes = answer.message().toBytes();
        MemorySegment out = arena.allocate(Math.max(1, bytes.length));
        out.copyFrom(MemorySegment.ofArray(bytes));
        int ignored =
            SocketMessage.send(end, out.asSlice(0, bytes.length), answer.descriptors(), 0);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      // What was sent is still read.
      end.close();
    }
  }

  /** What it was asked, once it has no more answers. */
  List<ProtobufMessage> requests() throws InterruptedException {
    thread.join();
    return List.copyOf(requests);
  }
}
