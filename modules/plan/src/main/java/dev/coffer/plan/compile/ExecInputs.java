package dev.coffer.plan.compile;

import dev.coffer.spec.runtime.Linux;
import dev.coffer.spec.runtime.NamespaceType;
import dev.coffer.spec.runtime.Seccomp;
import dev.coffer.spec.runtime.State;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the engine knows about an exec beside its process. The first input, in slot 6, is the pidfd
 * of the container's init; then those of the console socket and the root, where there are such;
 * {@code preserved} ones follow.
 *
 * @param containerId the container's id
 * @param namespaces those in which the container's init differs from the engine; they are joined
 * @param cgroupsPath the container's {@code linux.cgroupsPath}
 * @param initCgroup path, in the version 2 hierarchy, of the cgroup that init is in now: where the
 *     process goes when the container's own cgroup holds no processes any more
 * @param streams what its standard streams are
 * @param preserved names of inputs that the program gets as descriptors 3, 4, …
 * @param seccomp the container's filter
 * @param newKeyring whether the container has a session keyring of its own, to be joined
 * @param linux the container's own settings that its processes share: personality, memory policy
 * @param state the running container, for the agent of a filter that notifies one
 * @param consoleSocket name of the second input, a connected Unix socket: the terminal's master is
 *     sent there, and nobody here keeps it
 * @param root name of an input, the container's root directory: where that is not the root of the
 *     mount namespace that its processes are in
 * @param subCgroups where it goes below the container's cgroup, by controller; "" stands for all
 */
public record ExecInputs(
    String containerId,
    Set<NamespaceType> namespaces,
    Optional<String> cgroupsPath,
    Optional<String> initCgroup,
    StandardStreams streams,
    List<String> preserved,
    Optional<Seccomp> seccomp,
    boolean newKeyring,
    Optional<Linux> linux,
    Optional<State> state,
    Optional<String> consoleSocket,
    Optional<String> root,
    Map<String, String> subCgroups) {

  public ExecInputs {
    namespaces = Set.copyOf(namespaces);
    preserved = List.copyOf(preserved);
    subCgroups = Map.copyOf(subCgroups);
  }

  /** For a container whose processes share no more than its namespaces and limits. */
  public ExecInputs(
      String containerId,
      Set<NamespaceType> namespaces,
      Optional<String> cgroupsPath,
      Optional<String> initCgroup,
      StandardStreams streams,
      List<String> preserved,
      Optional<Seccomp> seccomp,
      boolean newKeyring) {
    this(
        containerId,
        namespaces,
        cgroupsPath,
        initCgroup,
        streams,
        preserved,
        seccomp,
        newKeyring,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Map.of());
  }

  /** The same under a filter. */
  public ExecInputs withSeccomp(Seccomp filter) {
    return changed(Optional.of(filter), linux, state, consoleSocket, root, subCgroups);
  }

  /** The same for a container with these settings, in this state. */
  public ExecInputs withContainer(Linux settings, State running) {
    return changed(
        seccomp, Optional.of(settings), Optional.of(running), consoleSocket, root, subCgroups);
  }

  /** The same with its terminal given away over an input, a connected Unix socket. */
  public ExecInputs withConsoleSocket(String input) {
    return changed(seccomp, linux, state, Optional.of(input), root, subCgroups);
  }

  /** The same for a container that has changed its root within a mount namespace of others. */
  public ExecInputs withRoot(String input) {
    return changed(seccomp, linux, state, consoleSocket, Optional.of(input), subCgroups);
  }

  /** The same in cgroups below the container's. */
  public ExecInputs withSubCgroups(Map<String, String> paths) {
    return changed(seccomp, linux, state, consoleSocket, root, paths);
  }

  private ExecInputs changed(
      Optional<Seccomp> filter,
      Optional<Linux> settings,
      Optional<State> running,
      Optional<String> console,
      Optional<String> changedRoot,
      Map<String, String> paths) {
    return new ExecInputs(
        containerId,
        namespaces,
        cgroupsPath,
        initCgroup,
        streams,
        preserved,
        filter,
        newKeyring,
        settings,
        running,
        console,
        changedRoot,
        paths);
  }
}
