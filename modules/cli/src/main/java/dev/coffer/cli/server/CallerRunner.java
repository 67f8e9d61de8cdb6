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

  /** Empty: there will be no more. */
  private final BlockingQueue<Optional<Frame>> replies = new ArrayBlockingQueue<>(MOST_REPLIES);

  CallerRunner(Answer answer) {
    this.answer = answer;
  }

  /** Takes what the launcher says of a plan. */
  void take(Frame reply) throws ProtocolException {
    if (!replies.offer(Optional.of(reply))) {
      reply.closeDescriptors();
      throw new ProtocolException("nobody asked for so many frames " + reply.type());
    }
  }

  /** The launcher has left: who waits for its reply waits for nothing. */
  void left() {
    boolean ignored = replies.offer(Optional.empty());
  }

  /**
   * Once the launcher has a plan, its reply alone tells what there is: an engine that ends waits
   * for that, as for any command, and only the launcher's own end breaks it off.
   */
  @Override
  public Running run(Run run) throws IOException {
    answer.console().flush();
    if (answer.breaker().isBroken()) {
      throw new IOException("the engine was stopped (run the command again)");
    }
    try (Fd plan = Memfd.sealed("coffer-plan", run.program().wireForm())) {
      send(
          new RunFrame(run.untilExec(), run.streams(), run.preserved())
              .toFrame(plan, run.report(), run.inputs()));
    }
    Frame reply = read().orElseGet(this::next);
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
    answer.console().doWithoutEngine();
    Frame reply = ended();
    reply.closeDescriptors();
    return Exited.decode(reply.payload()).exitCode();
  }

  @Override
  public <T> T await(Supplier<T> action) {
    // What has been printed by now is shown before the wait, not after it.
    return answer.console().await(action);
  }

  /** What the launcher says of the end, unless somebody breaks it off. */
  private Frame ended() {
    Optional<Frame> own = answer.breaker().await(this::read, answer.reading()::end);
    if (own.isEmpty() && answer.breaker().isBroken()) {
      throw new CallerGoneException();
    }
    // Another thread reads, if only another connection.
    return own.isPresent() ? own.get() : await(this::next);
  }

  /** Reads up to the next reply; empty where another thread reads, or another connection is on. */
  private Optional<Frame> read() {
    if (answer.reading().isBesides()) {
      return Optional.empty();
    }
    while (replies.isEmpty()) {
      if (!answer.reading().one()) {
        return Optional.empty();
      }
    }
    return poll();
  }

  private Frame next() {
    try {
      return replies.take().orElseThrow(CallerGoneException::new);
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
    Optional<Frame> next = replies.poll();
    return next == null ? Optional.empty() : next;
  }
}
