package dev.coffer.runtime.process;

import java.time.Duration;
import java.time.Instant;

/**
 * One process as the host sees it.
 *
 * @param uid the effective user's, in the engine's user namespace
 * @param terminal {@code pts/0}, {@code tty1}, or {@code ?} for none
 * @param cpu processor time so far
 * @param command its arguments, with blanks between; {@code [name]} where it has none
 */
public record ProcessInfo(
    int pid,
    int parentPid,
    int uid,
    char state,
    String terminal,
    Instant startedAt,
    Duration cpu,
    long residentBytes,
    int threads,
    String command) {

  /** Whole percents of one processor that it has used since its start, as {@code ps} shows in C. */
  public int processorPercent(Instant now) {
    long lived = Duration.between(startedAt, now).toMillis();
    return lived <= 0 ? 0 : (int) Math.min(999, cpu.toMillis() * 100 / lived);
  }
}
