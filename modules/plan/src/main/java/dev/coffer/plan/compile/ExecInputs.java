package dev.coffer.plan.compile;

import dev.coffer.spec.runtime.NamespaceType;
import dev.coffer.spec.runtime.Seccomp;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the engine knows about an exec beside its process. The first input, in slot 6, is the pidfd
 * of the container's init; {@code preserved} ones follow.
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
 */
public record ExecInputs(
    String containerId,
    Set<NamespaceType> namespaces,
    Optional<String> cgroupsPath,
    Optional<String> initCgroup,
    StandardStreams streams,
    List<String> preserved,
    Optional<Seccomp> seccomp,
    boolean newKeyring) {

  public ExecInputs {
    namespaces = Set.copyOf(namespaces);
    preserved = List.copyOf(preserved);
  }
}
