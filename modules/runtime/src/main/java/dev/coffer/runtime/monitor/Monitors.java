package dev.coffer.runtime.monitor;

import java.io.IOException;
import java.nio.file.Path;

/**
 * The engine's way to monitors: the small C processes that hold a container each.
 *
 * <p>An interface so that the engine's rules can be tested without processes.
 */
public interface Monitors extends AutoCloseable {
  /**
   * Starts a monitor, lets it run the plan, and waits until the container's process has exec'd.
   * Blocks in system calls for some milliseconds: call it on a platform thread.
   *
   * @throws StartException where the plan failed; nothing of it is left then
   * @throws IOException where the monitor could not be started or talked to; likewise
   */
  MonitorConnection start(StartRequest request) throws IOException;

  /**
   * Connects to a monitor that runs already, for an engine that was restarted. The monitor is
   * proved by the lock that it holds and by its socket's peer, never by a stored pid.
   *
   * @param runDirectory the monitor's own: of its socket and lock
   * @throws MonitorGoneException where no monitor holds the lock; one that has no container (not
   *     yet, or no more) is waited for until it has let go of it
   * @throws IOException where there is one but it cannot be talked to
   */
  MonitorConnection reconnect(String id, Path runDirectory) throws IOException;

  /** Lets go of all connections. Monitors and containers run on. */
  @Override
  void close();
}
