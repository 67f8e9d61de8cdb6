package dev.coffer.engine.state;

import java.time.Instant;
import java.util.Optional;

/**
 * What changes in a container's life: the content of {@code state.json}, which the engine alone
 * writes.
 *
 * @param status where in its life it is
 * @param pid the first process as the host sees it, 0 when there is none
 * @param startedAt last start; empty: never
 * @param finishedAt last end; empty: never
 * @param exitCode of the last end, 0 to 255
 * @param oomKilled whether the kernel's out-of-memory killer ended it
 * @param error why the last start failed, or empty
 * @param restartCount how often the restart policy has started it since a user did
 * @param stoppedByUser whether a user asked for the last end; {@code unless-stopped} respects it
 * @param heldByEngine whether the engine has paused it for a moment of its own; noted before it
 *     does, so that the next engine lets go what this one can no longer
 */
public record ContainerState(
    Status status,
    int pid,
    Optional<Instant> startedAt,
    Optional<Instant> finishedAt,
    int exitCode,
    boolean oomKilled,
    String error,
    int restartCount,
    boolean stoppedByUser,
    boolean heldByEngine) {

  /** A container that was just made. */
  public static final ContainerState CREATED =
      new ContainerState(
          Status.CREATED, 0, Optional.empty(), Optional.empty(), 0, false, "", 0, false, false);

  /** After a start. */
  public ContainerState started(int newPid, Instant at) {
    return new ContainerState(
        Status.RUNNING,
        newPid,
        Optional.of(at),
        finishedAt,
        0,
        false,
        "",
        restartCount,
        false,
        false);
  }

  /** After an end. */
  public ContainerState ended(int code, boolean outOfMemory, Instant at, String problem) {
    return new ContainerState(
        Status.EXITED,
        0,
        startedAt,
        Optional.of(at),
        code,
        outOfMemory,
        problem,
        restartCount,
        stoppedByUser,
        false);
  }

  /** After a start that did not succeed. */
  public ContainerState failed(int code, String problem) {
    return new ContainerState(
        status == Status.CREATED ? Status.CREATED : Status.EXITED,
        0,
        startedAt,
        finishedAt,
        code,
        false,
        problem,
        restartCount,
        stoppedByUser,
        false);
  }

  /** The same with another status. */
  public ContainerState with(Status newStatus) {
    return with(newStatus, restartCount, stoppedByUser, heldByEngine && newStatus == Status.PAUSED);
  }

  /** The same, held by the engine for a moment. */
  public ContainerState held() {
    return with(status, restartCount, stoppedByUser, true);
  }

  /** The same with another count of restarts. */
  public ContainerState withRestartCount(int count) {
    return with(status, count, stoppedByUser, heldByEngine);
  }

  /** The same, marked by whether a user wants it to be down. */
  public ContainerState withStoppedByUser(boolean stopped) {
    return with(status, restartCount, stopped, heldByEngine);
  }

  private ContainerState with(Status newStatus, int count, boolean stopped, boolean held) {
    return new ContainerState(
        newStatus, pid, startedAt, finishedAt, exitCode, oomKilled, error, count, stopped, held);
  }
}
