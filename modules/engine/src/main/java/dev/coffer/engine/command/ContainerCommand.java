package dev.coffer.engine.command;

import dev.coffer.engine.model.CommitRequest;
import dev.coffer.engine.model.ContainerInspect;
import dev.coffer.engine.model.ContainerRequest;
import dev.coffer.engine.model.ContainerSummary;
import dev.coffer.engine.model.LogLine;
import dev.coffer.engine.model.LogQuery;
import dev.coffer.engine.model.PruneFilter;
import dev.coffer.engine.model.Pruned;
import dev.coffer.engine.model.TopTable;
import dev.coffer.image.tree.ContainerTree;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Commands on containers. {@code container} is always a full id, an unambiguous prefix of one, or a
 * name.
 *
 * @param <R> what the command answers
 */
public sealed interface ContainerCommand<R> extends Command<R> {

  /**
   * Makes a container from an image, without starting it.
   *
   * @param startsNext whether its start follows at once: an ephemeral one is then not worth keeping
   *     until it has come to that
   */
  record Create(ContainerRequest request, boolean startsNext) implements ContainerCommand<Created> {

    /** One that whoever it is for starts when they like. */
    public Create(ContainerRequest request) {
      this(request, false);
    }
  }

  /** What {@link Create} made: the full id, and warnings worth showing to the user. */
  record Created(String id, String name, List<String> warnings) {}

  /**
   * Starts a created or exited container. With a client, that client is attached before the first
   * byte is written, so it misses nothing.
   */
  record Start(String container, Optional<ClientStreams> client)
      implements ContainerCommand<Void> {}

  /**
   * Stops a container: the signal, then after the timeout SIGKILL. Empty means the container's own
   * stop signal and timeout. A timeout below zero waits for ever.
   */
  record Stop(String container, Optional<String> signal, Optional<Duration> timeout)
      implements ContainerCommand<Void> {}

  /** Sends a signal, by name or number, to a running container's first process. */
  record Kill(String container, String signal) implements ContainerCommand<Void> {}

  /** Stops and starts again. */
  record Restart(String container, Optional<String> signal, Optional<Duration> timeout)
      implements ContainerCommand<Void> {}

  /** Freezes every process of a running container. */
  record Pause(String container) implements ContainerCommand<Void> {}

  /** Thaws a paused container. */
  record Unpause(String container) implements ContainerCommand<Void> {}

  /** Waits for a container's condition and answers its exit code. */
  record Wait(String container, WaitCondition condition) implements ContainerCommand<Integer> {}

  /** What {@link Wait} waits for. */
  enum WaitCondition {
    NOT_RUNNING,
    NEXT_EXIT,
    REMOVED
  }

  /** Removes a container; a running one only with force. Volumes: its anonymous volumes too. */
  record Remove(String container, boolean force, boolean volumes)
      implements ContainerCommand<Void> {}

  /** Lists containers, newest first; without {@code all} only running ones. */
  record ListContainers(boolean all, Map<String, List<String>> filters, int limit, boolean size)
      implements ContainerCommand<List<ContainerSummary>> {}

  /** Reads a container's log into a sink; with follow until the container has ended. */
  record Logs(String container, LogQuery query, Consumer<LogLine> sink)
      implements ContainerCommand<Void> {}

  /** Attaches a client to a running container. */
  record Attach(String container, ClientStreams client) implements ContainerCommand<Void> {}

  /** All that is known of a container. */
  record Inspect(String container, boolean size) implements ContainerCommand<ContainerInspect> {}

  /** The processes of a running container as seen from the host. */
  record Top(String container, List<String> psArguments) implements ContainerCommand<TopTable> {}

  /** Gives a container another name. */
  record Rename(String container, String newName) implements ContainerCommand<Void> {}

  /** What a container has changed in its image's files, sorted by path. */
  record Diff(String container) implements ContainerCommand<List<ContainerTree.Change>> {}

  /**
   * Writes a container's root file system as a tar, without its volumes.
   *
   * @param latest no file is said to be younger
   */
  record Export(String container, OutputStream archive, Optional<Instant> latest)
      implements ContainerCommand<Void> {}

  /** Makes an image of what a container has changed, on top of its image's; answers its id. */
  record Commit(String container, CommitRequest request) implements ContainerCommand<String> {}

  /** Removes containers that do not run; answers their ids. */
  record PruneContainers(PruneFilter filter) implements ContainerCommand<Pruned> {}

  /** Compiles what {@link Create} and {@link Start} would run, and runs nothing. */
  record Explain(ContainerRequest request) implements ContainerCommand<dev.coffer.plan.Plan> {}
}
