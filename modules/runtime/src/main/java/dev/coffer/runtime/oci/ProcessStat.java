package dev.coffer.runtime.oci;

import dev.coffer.kernel.Fd;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.ProcFile;
import java.util.Optional;

/**
 * A process as proc_pid_stat(5) describes it.
 *
 * @param state {@code Z} and {@code X} are the dead
 * @param hasExecuted whether it has become another program since its birth
 * @param startTicks when it started, in the kernel's ticks since boot
 */
record ProcessStat(char state, boolean hasExecuted, long startTicks) {
  /** How many fields behind the state they are. */
  private static final int FLAGS = 6;

  private static final int START_TICKS = 19;

  /** {@code PF_FORKNOEXEC} of the kernel's linux/sched.h. */
  private static final long HAS_NOT_EXECUTED = 0x40;

  /** Empty where there is no such process. */
  static Optional<ProcessStat> of(int pid) throws KernelException {
    return ProcFile.readRecord(Fd.CWD, "/proc/" + pid + "/stat").map(ProcessStat::parse);
  }

  static ProcessStat parse(String stat) {
    // The name, in parentheses, may hold any character.
    int state = stat.lastIndexOf(')') + 2;
    int flags = behind(stat, state, FLAGS);
    int startTicks = behind(stat, flags, START_TICKS - FLAGS);
    return new ProcessStat(
        stat.charAt(state),
        (number(stat, flags) & HAS_NOT_EXECUTED) == 0,
        number(stat, startTicks));
  }

  /** Where the field begins that is so many behind the one that begins here. */
  private static int behind(String stat, int begin, int fields) {
    int at = begin;
    for (int left = fields; left > 0; at++) {
      if (stat.charAt(at) == ' ') {
        left--;
      }
    }
    return at;
  }

  private static long number(String stat, int begin) {
    return Long.parseLong(stat, begin, stat.indexOf(' ', begin), 10);
  }

  boolean isAlive() {
    return state != 'Z' && state != 'X';
  }
}
