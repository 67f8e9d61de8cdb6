package dev.coffer.cli.server;

import dev.coffer.cli.request.CallerGoneException;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.Memfd;
import dev.coffer.runtime.monitor.StartException;
import dev.coffer.runtime.oci.Runner;
import dev.coffer.runtime.protocol.Exited;
import dev.coffer.runtime.protocol.Failed;
import dev.coffer.runtime.protocol.Frame;
import dev.coffer.runtime.protocol.FrameType;
import dev.coffer.runtime.protocol.Payloads;
import dev.coffer.runtime.protocol.ProtocolException;
import dev.coffer.runtime.protocol.RunFrame;
import dev.coffer.runtime.protocol.Started;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Supplier;

/** A launcher that runs plans, at the other end of its connection. */
final class CallerRunner implements Runner {
  private final Answer answer;

  /** There is one answer to each frame; a launcher that says more is none of ours. */
  private static final int MOST_REPLIES = 4;

  private final BlockingQueue<Frame> replies = new ArrayBlockingQueue<>(MOST_REPLIES);

  CallerRunner(Answer answer) {
    this.answer = answer;
  }

  /** Takes what the launcher says of a plan. */
  void take(Frame reply) throws ProtocolException {
    if (!replies.offer(reply)) {
      reply.closeDescriptors();
      throw new ProtocolException("nobody asked for so many frames " + reply.type());
    }
  }

  @Override
  public Running run(Run run) throws IOException {
    answer.console().flush();
    try (Fd plan = Memfd.sealed("coffer-plan", run.program().wireForm())) {
      send(
          new RunFrame(run.untilExec(), run.streams(), run.preserved())
              .toFrame(plan, run.report(), run.inputs()));
    }
    Frame reply = reply();
    if (reply.type() == FrameType.STARTED) {
      Started started = Started.decode(reply.payload());
      return new Running(started.pid(), reply.descriptors().stream().findFirst());
    }
    reply.closeDescriptors();
    if (reply.type() == FrameType.FAILED) {
      Failed failed = Failed.decode(reply.payload());
      throw StartException.of(run.program(), failed);
    }
    throw new ProtocolException("the launcher answered RUN with " + reply.type());
  }

  @Override
  public int awaitEnd(List<String> errand) throws IOException {
    send(Payloads.await(errand));
    Frame reply = reply();
    reply.closeDescriptors();
    return Exited.decode(reply.payload()).exitCode();
  }

  @Override
  public <T> T await(Supplier<T> action) {
    // What has been printed by now is shown before the wait, not after it.
    return answer.console().await(action);
  }

  private Frame reply() {
    if (!answer.reading().isBesides()) {
      Optional<Frame> own = answer.breaker().await(this::read, answer.reading()::end);
      if (own.isPresent()) {
        return own.get();
      }
    }
    // Read by another thread, perhaps on another connection.
    return await(this::next);
  }

  /** Reads up to the next reply; empty where there will be none on this connection. */
  private Optional<Frame> read() {
    while (replies.isEmpty()) {
      if (!answer.reading().one()) {
        return Optional.empty();
      }
    }
    return poll();
  }

  private Frame next() {
    try {
      return replies.take();
    } catch (InterruptedException e) {
      throw new CallerGoneException();
    }
  }

  private void send(Frame frame) {
    try {
      answer.send(frame);
    } catch (IOException e) {
      throw new CallerGoneException();
    }
  }

  /** Closes what came and was not asked for any more. */
  void close() {
    for (Optional<Frame> left = poll(); left.isPresent(); left = poll()) {
      left.get().closeDescriptors();
    }
  }

  private Optional<Frame> poll() {
    return Optional.ofNullable(replies.poll());
  }
}
