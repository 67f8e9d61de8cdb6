package dev.coffer.spec.runtime;

import dev.coffer.spec.json.JsonObject;
import java.util.List;
import java.util.Optional;

/**
 * What the agent of a seccomp filter gets beside its descriptors. Source: config-linux.md, The
 * Container Process State.
 *
 * @param ociVersion version of the specification that this follows
 * @param fds names of the descriptors that are sent, in their order
 * @param pid the process, in the runtime's pid namespace
 * @param metadata {@link Seccomp#listenerMetadata}
 * @param state the container
 */
public record ContainerProcessState(
    String ociVersion, List<String> fds, int pid, Optional<String> metadata, State state) {

  /** The name of the filter's notification descriptor in {@link #fds}. */
  public static final String SECCOMP_FD = "seccompFd";

  public ContainerProcessState {
    fds = List.copyOf(fds);
  }

  /** This object as JSON. */
  public JsonObject toJson() {
    return JsonObject.builder()
        .put("ociVersion", ociVersion)
        .putStrings("fds", fds)
        .put("pid", pid)
        .putIfPresent("metadata", metadata)
        .put("state", state.toJson())
        .build();
  }
}
