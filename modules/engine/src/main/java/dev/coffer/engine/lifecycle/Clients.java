package dev.coffer.engine.lifecycle;

import dev.coffer.engine.command.ClientStreams;
import dev.coffer.kernel.Fd;
import dev.coffer.runtime.monitor.Client;
import dev.coffer.runtime.protocol.Attach;

/** A command's client streams as the runtime wants them. */
public final class Clients {

  private Clients() {}

  /** The client; its descriptors stay with the streams. */
  public static Client of(ClientStreams streams) {
    return new Client(
        streams.socket(),
        new Attach(streams.attachStdin(), streams.attachStdout(), streams.attachStderr()),
        streams.foreground(),
        streams.stdin(),
        streams.stdout(),
        streams.stderr());
  }

  /**
   * Closes all of a client's descriptors: the monitor has its own of them by now, or never will.
   */
  public static void close(ClientStreams streams) {
    streams.socket().close();
    streams.stdin().ifPresent(Fd::close);
    streams.stdout().ifPresent(Fd::close);
    streams.stderr().ifPresent(Fd::close);
  }
}
