package dev.coffer.cli.server;

import dev.coffer.cli.command.CommandLine;
import dev.coffer.cli.request.CallerGoneException;
import dev.coffer.cli.request.EngineControl;
import dev.coffer.cli.request.EngineRequest;
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
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One launcher's connection: hello, one request, its answer. The thread that serves it runs the
 * command; a second one reads what the launcher sends meanwhile, where that is needed.
 */
final class Connection implements Life.Running, Reading {

  private static final int ENGINE_FAILED = 125;

  /** A launcher sends both of its frames at once; nothing but a debugger keeps it from that. */
  private static final Duration LONGEST_GREETING = Duration.ofSeconds(10);

  private final EngineServer server;
  private final FrameChannel channel;
  private Answer answer;

  /** The threads that use the channel; the last one closes it. */
  private final AtomicInteger users = new AtomicInteger(1);

  private boolean besides;

  /** Whether nothing more is to be read on the command's own thread. */
  private volatile boolean ended;

  Connection(EngineServer server, FrameChannel channel) {
    this.server = server;
    this.channel = channel;
  }

  @Override
  public void breakOff() {
    answer.breaker().breakOff();
  }

  /** Serves the launcher to the end. */
  void serve() {
    try {
      Optional<Request> request = request();
      if (request.isPresent()) {
        answer(request.get());
      }
    } catch (IOException e) {
      // A launcher that talks nonsense concerns nobody else.
      server.log("connection failed", e);
    } catch (CallerGoneException e) {
      // It left before it had been told how its command ended.
    } finally {
      wakeReaderAndLeave();
    }
  }

  /** What the launcher wants; empty where it leaves without a word, or wants another engine. */
  private Optional<Request> request() throws IOException {
    try {
      Optional<Frame> next = greet() ? channel.receiveWithin(LONGEST_GREETING) : Optional.empty();
      if (next.isEmpty() || next.get().type() == FrameType.REQUEST) {
        return next.isEmpty() ? Optional.empty() : Optional.of(Request.decode(next.get()));
      }
      next.get().closeDescriptors();
      return Optional.empty();
    } finally {
      server.reception().leave();
    }
  }

  /** Shows the launcher out unheard. */
  void turnAway() {
    server.reception().leave();
    leave();
  }

  /**
   * Wakes the thread that reads, while the channel is surely still open, and then lets go of it.
   */
  private void wakeReaderAndLeave() {
    try {
      channel.shutdown();
    } catch (IOException e) {
      server.log("connection failed", e);
    } finally {
      leave();
    }
  }

  private void leave() {
    if (users.decrementAndGet() == 0) {
      channel.close();
    }
  }

  /**
   * Exchanges greetings; false when that was all, because a newer launcher wants another engine.
   */
  private boolean greet() throws IOException {
    Optional<Frame> first = channel.receiveWithin(LONGEST_GREETING);
    if (first.isEmpty()) {
      return false;
    }
    if (first.get().type() != FrameType.HELLO) {
      first.get().closeDescriptors();
      throw new ProtocolException("expected HELLO, found " + first.get().type());
    }
    Hello hello = Hello.decode(first.get().payload());
    channel.send(
        new HelloReply(Protocol.VERSION, 0, server.build(), (int) ProcessHandle.current().pid())
            .toFrame());
    if (hello.build() <= server.build()) {
      return true;
    }
    while (true) {
      Optional<Frame> next = channel.receiveWithin(LONGEST_GREETING);
      next.ifPresent(Frame::closeDescriptors);
      if (next.isEmpty()) {
        return false;
      }
      if (next.get().type() == FrameType.HANDOVER) {
        server.handOver();
        return false;
      }
    }
  }

  private void answer(Request request) throws IOException {
    try (request) {
      answer = new Answer(channel, request.streams(), this);
      Optional<Answer> earlier = server.answers().begin(request.id(), answer);
      if (earlier.isPresent()) {
        repeat(earlier.get());
        return;
      }
      if (!server.life().begin(this)) {
        server.answers().forget(request.id());
        channel.send(Frame.of(FrameType.RECONNECT));
        return;
      }
      try {
        run(request);
      } finally {
        server.life().end(this);
      }
    }
  }

  /** The same request again: its answer goes on here, or has been given. */
  private void repeat(Answer earlier) throws IOException {
    OptionalInt code = earlier.redirect(channel);
    if (code.isPresent()) {
      channel.send(Payloads.exit(code.getAsInt()));
    } else {
      readOn(earlier);
    }
  }

  private void run(Request request) throws IOException {
    if (!OciRequests.isOci(request)) {
      besides();
    }
    CallerConsole console = answer.console();
    int code = ENGINE_FAILED;
    try {
      code = execute(request, console);
      console.flush();
      answer.send(Payloads.exit(code));
    } catch (CallerGoneException e) {
      brokenOff(request, console);
    } catch (ReconnectException e) {
      server.answers().forget(request.id());
      answer.send(Frame.of(FrameType.RECONNECT));
    } catch (RuntimeException | Error e) {
      server.log("command failed", e);
      console.err("coffer: internal error: " + e + " (the engine's log has more)\n");
      console.flush();
      answer.send(Payloads.exit(code));
    } finally {
      answer.finish(code);
      server.answers().end(request.id());
    }
  }

  @Override
  public synchronized boolean isBesides() {
    return besides;
  }

  @Override
  public synchronized void besides() {
    if (!besides) {
      besides = true;
      readBesides();
    }
  }

  @Override
  public boolean one() {
    try {
      Optional<Frame> next = channel.receive();
      if (next.isPresent()) {
        answer.take(next.get());
        return true;
      }
    } catch (IOException e) {
      server.log("connection failed", e);
    }
    // Who is not read any more has not left.
    if (!ended) {
      answer.left(channel);
    }
    return false;
  }

  @Override
  public void end() {
    ended = true;
    try {
      channel.stopReceiving();
    } catch (IOException e) {
      server.log("connection failed", e);
    }
  }

  private void readBesides() {
    users.incrementAndGet();
    boolean reads = false;
    try {
      server.threads().execute(this::readOnAndLeave);
      reads = true;
    } finally {
      if (!reads) {
        leave();
      }
    }
  }

  private int execute(Request request, CallerConsole console) throws IOException {
    if (!OciRequests.isOci(request)) {
      return CommandLine.run(
          engineRequest(request, server.mountNamespace(), console), server.engine());
    }
    OciHost host = server.ociHost();
    int pid = UnixSocket.peer(channel.socket()).pid();
    return server
        .callersFiles()
        .see(
            request,
            pid,
            here ->
                OciRequests.run(
                    engineRequest(request, request.mountNamespace(), console),
                    host,
                    answer,
                    pid,
                    here));
  }

  /** The command was broken off: by its caller, who knows, or because the engine ends. */
  private void brokenOff(Request request, CallerConsole console) throws IOException {
    int signal = answer.breaker().signal();
    if (signal != 0) {
      answer.send(Payloads.raise(signal));
      return;
    }
    switch (server.life().phase()) {
      case SERVING -> {}
      case HANDING_OVER -> {
        if (!console.hasAnswered()) {
          server.answers().forget(request.id());
          answer.send(Frame.of(FrameType.RECONNECT));
        } else if (!console.hasJoined()) {
          giveUp(console, "the engine was replaced by a newer one: run the command again");
        }
      }
      case ENDING -> {
        if (!console.hasJoined()) {
          giveUp(console, "the engine was stopped");
        }
      }
    }
  }

  private void giveUp(CallerConsole console, String reason) throws IOException {
    console.err("coffer: " + reason + "\n");
    console.flush();
    answer.send(Payloads.exit(1));
  }

  private EngineRequest engineRequest(
      Request request, long ownMountNamespace, CallerConsole console) throws IOException {
    List<String> arguments = request.arguments();
    return new EngineRequest(
        arguments.isEmpty() ? arguments : arguments.subList(1, arguments.size()),
        Caller.environment(request.environment()),
        request.umask(),
        Caller.files(request, ownMountNamespace),
        console,
        control(),
        Clock.systemUTC());
  }

  private EngineControl control() {
    return new EngineControl() {
      @Override
      public long build() {
        return server.build();
      }

      @Override
      public void stop() {
        server.end(Life.Phase.ENDING, Connection.this);
      }

      @Override
      public void restart() {
        if (!isYoungerThanCaller()) {
          server.end(Life.Phase.HANDING_OVER, Connection.this);
          throw new ReconnectException();
        }
      }
    };
  }

  private boolean isYoungerThanCaller() {
    try {
      int pid = UnixSocket.peer(channel.socket()).pid();
      return Caller.startTicks("self") >= Caller.startTicks(Integer.toString(pid));
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "cannot restart the engine: the caller's process is not visible to it (use coffer engine stop)",
          e);
    }
  }

  private void readOnAndLeave() {
    try {
      readOn(answer);
    } catch (IOException e) {
      server.log("connection failed", e);
    } finally {
      leave();
    }
  }

  /** Reads what the launcher sends while its command runs, until it leaves. */
  private void readOn(Answer current) throws IOException {
    try {
      for (Optional<Frame> next = channel.receive(); next.isPresent(); next = channel.receive()) {
        current.take(next.get());
      }
    } finally {
      current.left(channel);
    }
  }
}
