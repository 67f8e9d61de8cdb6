package dev.coffer.cli.command;

import dev.coffer.cli.request.Console;
import dev.coffer.engine.command.ClientStreams;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.UnixSocket;
import dev.coffer.runtime.protocol.MonitorHandover;
import dev.coffer.runtime.protocol.StdioKind;
import java.util.Optional;

/**
 * A connection between a monitor and the caller: one end goes to the engine for the monitor, the
 * other to the caller once there is a monitor to speak to.
 */
final class Client implements AutoCloseable {

  private final Console console;
  private final AttachedStreams streams;
  private final boolean terminal;
  private final boolean signalProxy;
  private final UnixSocket.Pair pair;
  private final ClientStreams forMonitor;

  /**
   * Makes the connection.
   *
   * @param terminal whether the container has a pseudo-terminal; signals are keys then, and not
   *     forwarded
   */
  Client(
      Console console,
      AttachedStreams streams,
      boolean terminal,
      boolean signalProxy,
      boolean foreground,
      byte[] detachKeys)
      throws KernelException {
    this.console = console;
    this.streams = streams;
    this.terminal = terminal;
    this.signalProxy = signalProxy && !terminal;
    this.pair = UnixSocket.pair(UnixSocket.STREAM);
    this.forMonitor =
        new ClientStreams(
            pair.first(),
            take(streams.stdin(), 0),
            take(streams.stdout(), 1),
            take(streams.stderr(), 2),
            streams.stdin(),
            streams.stdout(),
            streams.stderr(),
            foreground,
            detachKeys);
  }

  private Optional<Fd> take(boolean wanted, int stream) {
    return wanted ? console.takeStream(stream) : Optional.empty();
  }

  /** What the engine gives to the monitor; the engine owns it once it was asked to start. */
  ClientStreams streams() {
    return forMonitor;
  }

  /** Joins the caller to the monitor, which has the other end by now. */
  void join() {
    boolean raw = terminal && streams.stdin() && console.kind(0) == StdioKind.TTY;
    console.join(new MonitorHandover(raw, signalProxy, streams.toAttach()), pair.second());
  }

  /** Closes what has not been given away. */
  @Override
  public void close() {
    pair.close();
    forMonitor.stdin().ifPresent(Fd::close);
    forMonitor.stdout().ifPresent(Fd::close);
    forMonitor.stderr().ifPresent(Fd::close);
  }
}
