package dev.coffer.runtime.oci;

import dev.coffer.kernel.Errno;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.Pidfd;
import dev.coffer.kernel.ProcFile;
import dev.coffer.plan.wire.StatusPage;
import dev.coffer.spec.runtime.ContainerStatus;
import java.io.IOException;
import java.util.Optional;

/**
 * What a container is at this moment. Nothing of it is written down: the pid and its start time
 * name the first process for good, and the plan's status page tells how far that has come, whatever
 * happened to the processes that started it.
 */
final class Liveness {
  private static final int FIRST_FIELD = 3;
  private static final int START_TICKS = 22;

  private Liveness() {}

  /**
   * A process as proc_pid_stat(5) describes it.
   *
   * @param state {@code Z} and {@code X} are the dead
   */
  private record ProcessStat(char state, long startTicks) {
    boolean isAlive() {
      return state != 'Z' && state != 'X';
    }
  }

  /** The status that {@code state} tells, but for {@code paused}, which the cgroup knows. */
  static ContainerStatus status(StateDirectory directory, Optional<ContainerRecord> record)
      throws IOException {
    if (record.isEmpty() || record.get().pid() == 0) {
      // Whoever creates it holds the lock; without that the creation was cut short.
      return directory.isBusy() ? ContainerStatus.CREATING : ContainerStatus.STOPPED;
    }
    if (!isAlive(record.get())) {
      return ContainerStatus.STOPPED;
    }
    return hasStarted(directory, record.get()) ? ContainerStatus.RUNNING : ContainerStatus.CREATED;
  }

  /** Whether the first process has become the container's program. */
  private static boolean hasStarted(StateDirectory directory, ContainerRecord record)
      throws IOException {
    Optional<StatusPage> page = directory.report();
    return page.isEmpty()
        || directory.wasStarted()
        || page.get().stages().get(record.start().stage()).instruction()
            >= record.start().execInstruction();
  }

  static boolean isAlive(ContainerRecord record) throws IOException {
    return record.pid() != 0
        && process(record.pid())
            .filter(each -> each.startTicks() == record.startTicks())
            .filter(ProcessStat::isAlive)
            .isPresent();
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
    return process(pid)
        .orElseThrow(() -> new IOException("process " + pid + " has ended"))
        .startTicks();
  }

  private static Optional<ProcessStat> process(int pid) throws IOException {
    try {
      String stat = ProcFile.read("/proc/" + pid + "/stat");
      // The name, in parentheses, may hold any character.
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      return Optional.of(
          new ProcessStat(fields[0].charAt(0), Long.parseLong(fields[START_TICKS - FIRST_FIELD])));
    } catch (KernelException e) {
      if (e.is(Errno.ENOENT) || e.is(Errno.ESRCH)) {
        return Optional.empty();
      }
      throw e;
    }
  }
}
