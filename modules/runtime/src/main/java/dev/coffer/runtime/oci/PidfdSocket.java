package dev.coffer.runtime.oci;

import dev.coffer.kernel.Fd;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.SocketMessage;
import dev.coffer.runtime.oci.Runner.Running;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Whoever wants to have a process's pidfd. Connected to before the process is there. */
final class PidfdSocket implements AutoCloseable {
  /** What stands beside the descriptor, as from other runtimes. */
  private static final String NAME = "pidfd";

  private final Optional<Fd> socket;

  private PidfdSocket(Optional<Fd> socket) {
    this.socket = socket;
  }

  static PidfdSocket connect(Optional<Path> path) throws IOException {
    return new PidfdSocket(
        path.isPresent()
            ? Optional.of(Console.connect("pidfd socket", path.get()))
            : Optional.empty());
  }

  void send(Running running) throws IOException {
    if (socket.isEmpty() || running.pidfd().isEmpty()) {
      return;
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = arena.allocateFrom(NAME).asSlice(0, NAME.length());
      int ignored = SocketMessage.send(socket.get(), name, List.of(running.pidfd().get()), 0);
    } catch (KernelException e) {
      throw new IOException("cannot send the pidfd: " + KernelException.describe(e.number()), e);
    }
  }

  @Override
  public void close() {
    socket.ifPresent(Fd::close);
  }
}
