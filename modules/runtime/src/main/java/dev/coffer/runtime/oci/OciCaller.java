package dev.coffer.runtime.oci;

import dev.coffer.plan.HostFacts;
import dev.coffer.plan.compile.StandardStreams;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Whom a verb serves. The caller sees the same files and pids as this process.
 *
 * @param root directory of the containers' states
 * @param workingDirectory absolute
 * @param environment the caller's
 * @param facts of the host, with the caller's own privileges, limits and cgroups
 * @param pid the caller's process, which lives while it is served
 * @param watched whether its standard output is a terminal
 * @param rootless whether its containers do without the cgroups that it may not make
 * @param runner runs plans there
 * @param warning takes what is worth a line in the log and stops nothing
 */
public record OciCaller(
    Path root,
    Path workingDirectory,
    Map<String, String> environment,
    HostFacts facts,
    int pid,
    boolean watched,
    Rootless rootless,
    Runner runner,
    Consumer<String> warning) {

  /** A path that the caller gave, absolute. */
  public Path resolve(String path) {
    return CallerPath.resolve(workingDirectory, pid, path);
  }

  /**
   * What a process's streams are.
   *
   * @param given whether somebody else gets its terminal
   */
  StandardStreams streams(boolean terminal, boolean given) {
    if (!terminal) {
      return StandardStreams.PIPES;
    }
    return given || watched ? StandardStreams.TERMINAL : StandardStreams.TERMINAL_TO_FILE;
  }

  /** The containers. */
  StateRoot states() {
    return new StateRoot(root);
  }
}
