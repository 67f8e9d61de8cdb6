package dev.coffer.runtime.monitor;

import dev.coffer.kernel.Fd;
import dev.coffer.runtime.protocol.WindowSize;
import java.io.IOException;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;

/**
 * A running container's monitor, as the engine sees it.
 *
 * <p>After the end, the calls that speak to the monitor fail with an {@link IOException}.
 */
public interface MonitorConnection extends AutoCloseable {
  /** The container's or exec's id. */
  String id();

  /** Pid of the container's first process, in the engine's pid namespace. */
  int pid();

  /**
   * A descriptor of that process; the caller's. Not the connection's own, which another thread may
   * close at any moment.
   */
  Fd pidfd() throws IOException;

  /** Whether that process has not ended; false also after {@link #close}. */
  boolean isAlive();

  /** When the process was started. */
  Instant startedAt();

  /** Completes once with the end; the exit record is on disk by then. Never exceptionally. */
  CompletableFuture<ExitStatus> exited();

  /** Lets the monitor serve one more client; its descriptors stay the caller's own. */
  void addClient(Client client) throws IOException;

  /** Tells the container's terminal its size. */
  void resize(WindowSize size) throws IOException;

  /** Sends a signal to the container's first process, by its pidfd. */
  void signal(int signal) throws IOException;

  /** Ends the container's standard input. */
  void closeStdin() throws IOException;

  /** Lets the monitor open its log file anew, after somebody else has renamed it. */
  void rotateLog() throws IOException;

  /** Lets go of the monitor, which runs on. */
  @Override
  void close();
}
