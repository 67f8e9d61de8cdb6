package dev.coffer.cli.server;

import dev.coffer.kernel.Errno;
import dev.coffer.kernel.KernelException;
import dev.coffer.runtime.protocol.CallerStream;
import dev.coffer.runtime.protocol.Frame;
import dev.coffer.runtime.protocol.FrameChannel;
import dev.coffer.runtime.protocol.FrameType;
import dev.coffer.runtime.protocol.Payloads;
import dev.coffer.runtime.protocol.ProtocolException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A request's answer on its way. When the same request comes again on another connection, the rest
 * of the answer goes there.
 */
final class Answer {

  private static final int SIGTSTP = 20;

  private final CallerConsole console;
  private final Reading reading;
  private final Breaker breaker = new Breaker();
  private final CallerRunner runner = new CallerRunner(this);

  /** Where the answer goes; empty once that connection has ended. */
  private Optional<FrameChannel> latest;

  private OptionalInt exitCode = OptionalInt.empty();

  Answer(FrameChannel channel, List<CallerStream> streams, Reading reading) {
    this.latest = Optional.of(channel);
    this.reading = reading;
    this.console = new CallerConsole(this, streams, breaker);
  }

  CallerConsole console() {
    return console;
  }

  /** Runs plans in the caller's own process. */
  CallerRunner runner() {
    return runner;
  }

  Breaker breaker() {
    return breaker;
  }

  Reading reading() {
    return reading;
  }

  /** Sends a frame to the latest connection. */
  synchronized void send(Frame frame) throws IOException {
    if (latest.isEmpty()) {
      throw new KernelException("send", Errno.EPIPE.number());
    }
    latest.get().send(frame);
  }

  /** Sends the rest to another connection; or says with which code the command has ended. */
  synchronized OptionalInt redirect(FrameChannel other) {
    if (exitCode.isEmpty()) {
      latest = Optional.of(other);
    }
    return exitCode;
  }

  /** The command has ended. */
  synchronized void finish(int code) {
    exitCode = OptionalInt.of(code);
    runner.close();
  }

  /** A connection has ended; nobody waits for the answer if it was the latest. */
  synchronized void left(FrameChannel ended) {
    if (latest.isPresent() && latest.get() == ended) {
      latest = Optional.empty();
      console.typed().end();
      runner.left();
      breaker.breakOff();
    }
  }

  /** Takes a frame that the caller sent while its command runs. */
  void take(Frame frame) throws IOException {
    switch (frame.type()) {
      case STARTED, FAILED, EXITED -> {
        runner.take(frame);
        return;
      }
      default -> frame.closeDescriptors();
    }
    switch (frame.type()) {
      case STDIN -> console.typed().add(frame.payload());
      case STDIN_EOF -> console.typed().end();
      case SIGNAL -> signal(Payloads.decodeNumber(frame));
      case RESIZE, CONTINUED -> {}
      default -> throw new ProtocolException("unexpected frame " + frame.type());
    }
  }

  /**
   * The caller caught a signal. A command that waits is broken off and its caller dies of the
   * signal; one that works goes on to its end without a caller.
   */
  private void signal(int number) throws IOException {
    if (number == SIGTSTP) {
      send(Frame.of(FrameType.STOP));
    } else if (!breaker.signal(number)) {
      send(Payloads.raise(number));
    }
  }
}
