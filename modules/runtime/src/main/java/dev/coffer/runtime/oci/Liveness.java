package dev.coffer.runtime.oci;

import dev.coffer.kernel.Errno;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.Pidfd;
import dev.coffer.spec.runtime.ContainerStatus;
import java.io.IOException;
import java.util.Optional;

/**
 * What a container is at this moment. Nothing of it is written down: the pid and its start time
 * name the first process for good, and the plan's status page tells how far that has come, whatever
 * happened to the processes that started it.
 */
final class Liveness {
  private Liveness() {}

  /** The status that {@code state} tells, but for {@code paused}, which the cgroup knows. */
  static ContainerStatus status(StateDirectory directory, Optional<ContainerRecord> record)
      throws IOException {
    Optional<ContainerRecord> begun = record.filter(ContainerRecord::hasProcess);
    if (begun.isEmpty()) {
      if (directory.isBusy()) {
        return ContainerStatus.CREATING;
      }
      // Whoever created it has let go of the lock, perhaps since the record was read: what it says
      // now is the last word. Without a process the creation was cut short.
      begun = directory.record().filter(ContainerRecord::hasProcess);
      if (begun.isEmpty()) {
        return ContainerStatus.STOPPED;
      }
    }
    Optional<ProcessStat> process = process(begun.get());
    if (process.isEmpty()) {
      return ContainerStatus.STOPPED;
    }
    return process.get().hasExecuted() || directory.wasStarted()
        ? ContainerStatus.RUNNING
        : ContainerStatus.CREATED;
  }

  static boolean isAlive(ContainerRecord record) throws IOException {
    return process(record).isPresent();
  }

  /** The first process as long as it lives. */
  private static Optional<ProcessStat> process(ContainerRecord record) throws IOException {
    return record.pid() == 0
        ? Optional.empty()
        : ProcessStat.of(record.pid())
            .filter(each -> each.startTicks() == record.startTicks())
            .filter(ProcessStat::isAlive);
  }

  /** The first process, safe from reuse of its pid; empty when it has ended. */
  static Optional<Fd> open(ContainerRecord record) throws IOException {
    if (record.pid() == 0) {
      return Optional.empty();
    }
    Fd pidfd;
    try {
      pidfd = Pidfd.open(record.pid());
    } catch (KernelException e) {
      if (e.is(Errno.ESRCH)) {
        return Optional.empty();
      }
      throw e;
    }
    // Alive after it was opened, it was what was opened.
    if (isAlive(record)) {
      return Optional.of(pidfd);
    }
    pidfd.close();
    return Optional.empty();
  }

  /**
   * When a process started.
   *
   * @throws IOException where it has ended already
   */
  static long startTicks(int pid) throws IOException {
    return ProcessStat.of(pid)
        .orElseThrow(() -> new IOException("process " + pid + " has ended"))
        .startTicks();
  }
}
