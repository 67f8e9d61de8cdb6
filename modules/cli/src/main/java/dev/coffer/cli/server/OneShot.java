package dev.coffer.cli.server;

import dev.coffer.cli.request.CallerGoneException;
import dev.coffer.cli.request.EngineControl;
import dev.coffer.cli.request.EngineRequest;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.UnixSocket;
import dev.coffer.runtime.oci.OciHost;
import dev.coffer.runtime.protocol.Frame;
import dev.coffer.runtime.protocol.FrameChannel;
import dev.coffer.runtime.protocol.FrameType;
import dev.coffer.runtime.protocol.Hello;
import dev.coffer.runtime.protocol.HelloReply;
import dev.coffer.runtime.protocol.Payloads;
import dev.coffer.runtime.protocol.Protocol;
import dev.coffer.runtime.protocol.ProtocolException;
import dev.coffer.runtime.protocol.Request;
import java.io.IOException;
import java.time.Clock;
import java.util.Optional;

/**
 * Answers one command of the OCI runtime, for a launcher that cannot have an engine: this process
 * is its child and sees what it sees.
 */
final class OneShot {
  private static final int FAILED = 1;

  private final FrameChannel channel;
  private final long build;

  private OneShot(FrameChannel channel, long build) {
    this.channel = channel;
    this.build = build;
  }

  /**
   * Serves the launcher at the other end of a socket.
   *
   * @param build the number that the launcher's own build must not exceed
   */
  static void serve(Fd socket, long build) throws IOException {
    try (FrameChannel channel = new FrameChannel(socket)) {
      new OneShot(channel, build).serve();
    }
  }

  private void serve() throws IOException {
    Hello hello = Hello.decode(expect(FrameType.HELLO).payload());
    channel.send(
        new HelloReply(
                Protocol.VERSION,
                0,
                Math.max(build, hello.build()),
                (int) ProcessHandle.current().pid())
            .toFrame());
    try (Request request = Request.decode(expect(FrameType.REQUEST))) {
      answer(request);
    }
  }

  private Frame expect(FrameType type) throws IOException {
    Frame frame =
        channel.receive().orElseThrow(() -> new ProtocolException("the launcher has left"));
    if (frame.type() != type) {
      frame.closeDescriptors();
      throw new ProtocolException("expected " + type + ", found " + frame.type());
    }
    return frame;
  }

  private void answer(Request request) throws IOException {
    Answer answer = new Answer(channel, request.streams(), Reading.BESIDES);
    Thread reader = new Thread(() -> readOn(answer), "caller");
    reader.setDaemon(true);
    reader.start();
    CallerConsole console = answer.console();
    try (OciHost host = OciHost.probe()) {
      if (!OciRequests.isOci(request)) {
        throw new ProtocolException("a JVM for one command serves the OCI runtime alone");
      }
      int code =
          OciRequests.run(
              new EngineRequest(
                  request.arguments().subList(1, request.arguments().size()),
                  Caller.environment(request.environment()),
                  request.umask(),
                  Caller.files(request, Caller.ownMountNamespace()),
                  console,
                  new NoEngine(),
                  Clock.systemUTC()),
              host,
              answer,
              UnixSocket.peer(channel.socket()).pid(),
              false);
      console.flush();
      answer.send(Payloads.exit(code));
    } catch (CallerGoneException e) {
      // Nobody is left to be told.
    } catch (RuntimeException | Error e) {
      console.err("coffer: internal error: " + e + "\n");
      console.flush();
      answer.send(Payloads.exit(FAILED));
    }
  }

  private void readOn(Answer answer) {
    try {
      for (Optional<Frame> next = channel.receive(); next.isPresent(); next = channel.receive()) {
        answer.take(next.get());
      }
    } catch (IOException e) {
      // A launcher that breaks off is one that has left.
    } finally {
      answer.left(channel);
    }
  }

  /** What no command of the OCI runtime asks for. */
  private final class NoEngine implements EngineControl {
    @Override
    public long build() {
      return build;
    }

    @Override
    public void stop() {
      throw new IllegalArgumentException("no engine runs");
    }

    @Override
    public void restart() {
      throw new IllegalArgumentException("no engine runs");
    }
  }
}
