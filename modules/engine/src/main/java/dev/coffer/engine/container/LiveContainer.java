package dev.coffer.engine.container;

import dev.coffer.runtime.monitor.MonitorConnection;

/**
 * What there is of a running container besides its files.
 *
 * @param connection to its monitor, which holds its streams and tells its end
 * @param cgroup its control groups, as the path below each hierarchy's mount
 */
public record LiveContainer(MonitorConnection connection, String cgroup) {

  /** Whether its first process has not ended; its end may not have been told yet. */
  public boolean isAlive() {
    return connection.isAlive();
  }
}
