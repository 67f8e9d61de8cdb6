package dev.coffer.plan.compile;

import dev.coffer.plan.op.Namespace;
import dev.coffer.spec.runtime.IdMapping;
import dev.coffer.spec.runtime.Linux;
import dev.coffer.spec.runtime.Mount;
import dev.coffer.spec.runtime.Spec;
import java.util.Optional;

/**
 * Who owns a container's cgroup of version 2: where the container may write to it, and sees nothing
 * above it, the user of its program (runtime-spec, config-linux.md, Cgroup ownership).
 */
final class CgroupOwner {
  private CgroupOwner() {}

  /** The user's id on the host; empty: the cgroup stays who made it. */
  static Optional<Long> of(Spec spec, NamespaceChoice namespaces) {
    boolean wanted =
        namespaces.creates(Namespace.CGROUP)
            && spec.mounts().stream().anyMatch(CgroupOwner::isWritable);
    return wanted
        ? spec.process().flatMap(process -> onHost(spec, namespaces, process.user().uid()))
        : Optional.empty();
  }

  private static boolean isWritable(Mount mount) {
    return mount.source().equals(Optional.of("cgroup"))
        && Paths.normalize(mount.destination()).equals("/sys/fs/cgroup")
        && !mount.options().contains("ro");
  }

  private static Optional<Long> onHost(Spec spec, NamespaceChoice namespaces, long user) {
    if (!namespaces.remapped()) {
      return Optional.of(user);
    }
    return spec.linux().map(Linux::uidMappings).orElseThrow().stream()
        .filter(map -> user >= map.containerId() && user - map.containerId() < map.size())
        .map((IdMapping map) -> map.hostId() + user - map.containerId())
        .findFirst();
  }
}
