package dev.coffer.runtime.oci;

import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.OpenFlags;
import dev.coffer.kernel.UnixSocket;
import dev.coffer.runtime.protocol.RunFrame.Streams;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Who relays a process's terminal. */
final class Console {
  private Console() {}

  /**
   * Checks that a terminal has somebody at its other end, and only then.
   *
   * @param foreground whether the caller stays and relays it
   */
  static void check(boolean terminal, boolean foreground, Optional<Path> socket) {
    if (terminal && !foreground && socket.isEmpty()) {
      throw new OciException(
          "cannot make a terminal: nobody would have its other end (use --console-socket)");
    }
    if (socket.isPresent() && (!terminal || foreground)) {
      throw new OciException(
          "cannot use --console-socket: "
              + (terminal ? "the terminal is the caller's (use --detach)" : "no terminal is made"));
    }
  }

  /** Who has the other end of a process's streams. */
  static Streams streams(boolean terminal, Optional<Path> socket) {
    return !terminal ? Streams.CALLERS : socket.isEmpty() ? Streams.TERMINAL : Streams.ELSEWHERE;
  }

  /** A connection to whoever listens at a console socket. */
  static Fd connect(Path socket) throws IOException {
    return connect("console socket", socket);
  }

  /** The same for another kind of socket, which messages name. */
  static Fd connect(String kind, Path socket) throws IOException {
    Path parent = socket.toAbsolutePath().getParent();
    try (Fd directory = FileOpen.path(parent.toString(), OpenFlags.PATH | OpenFlags.DIRECTORY)) {
      return UnixSocket.connect(directory, socket.getFileName().toString(), UnixSocket.STREAM);
    } catch (KernelException e) {
      throw new IOException(
          "cannot connect to %s \"%s\": %s"
              .formatted(kind, socket, KernelException.describe(e.number())),
          e);
    }
  }
}
