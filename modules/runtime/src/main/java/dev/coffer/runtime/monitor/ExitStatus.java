package dev.coffer.runtime.monitor;

import java.time.Instant;

/** How a container's process ended. */
public sealed interface ExitStatus {
  /**
   * It ended, and its monitor saw it.
   *
   * @param code 0 to 255; 128 + signal where one ended it
   * @param signal 0 where it left by itself
   * @param oomKilled whether the kernel killed a process of it for want of memory
   */
  record Exited(int code, int signal, boolean oomKilled, Instant finishedAt)
      implements ExitStatus {}

  /**
   * Its monitor is gone and told no end: the container must be killed through its cgroup.
   *
   * @param noticedAt when the connection broke
   */
  record MonitorLost(Instant noticedAt) implements ExitStatus {}
}
