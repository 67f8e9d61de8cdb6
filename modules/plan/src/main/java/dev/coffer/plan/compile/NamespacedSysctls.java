package dev.coffer.plan.compile;

import dev.coffer.plan.PlanException;
import dev.coffer.plan.op.SetSysctl;
import dev.coffer.spec.runtime.NamespaceType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which namespace a kernel parameter is of. Any other is the host's, whoever writes it.
 *
 * <p>Source: ipc_namespaces(7), network_namespaces(7), uts_namespaces(7), namespaces(7).
 */
public final class NamespacedSysctls {
  private static final Set<String> IPC =
      Set.of(
          "kernel/msgmax",
          "kernel/msgmnb",
          "kernel/msgmni",
          "kernel/sem",
          "kernel/shmall",
          "kernel/shmmax",
          "kernel/shmmni",
          "kernel/shm_rmid_forced");
  private static final String HOSTNAME = "kernel/hostname";
  private static final String DOMAINNAME = "kernel/domainname";

  private NamespacedSysctls() {}

  /**
   * The kind of namespace that has a parameter; empty: none, or this is no parameter's name.
   *
   * @param key such as {@code net.ipv4.ip_forward}
   */
  public static Optional<NamespaceType> namespace(String key) {
    String path = SetSysctl.path(key);
    if (List.of(path.split("/", -1)).stream().anyMatch(Set.of("", ".", "..")::contains)) {
      return Optional.empty();
    }
    if (IPC.contains(path) || path.startsWith("fs/mqueue/")) {
      return Optional.of(NamespaceType.IPC);
    }
    if (path.startsWith("net/")) {
      return Optional.of(NamespaceType.NETWORK);
    }
    if (path.startsWith("user/")) {
      return Optional.of(NamespaceType.USER);
    }
    return path.equals(HOSTNAME) || path.equals(DOMAINNAME)
        ? Optional.of(NamespaceType.UTS)
        : Optional.empty();
  }

  /**
   * Passes parameters of namespaces that the container does not share with the host.
   *
   * @param domainname what the field of that name says, which a parameter may not contradict
   */
  static void check(
      Map<String, String> sysctls, Optional<String> domainname, NamespaceChoice namespaces) {
    for (String key : sysctls.keySet()) {
      String path = SetSysctl.path(key);
      if (path.equals(HOSTNAME)) {
        throw refused(key, "the host name has a field of its own (use hostname)");
      }
      String value = sysctls.get(key);
      if (path.equals(DOMAINNAME) && domainname.filter(name -> !name.equals(value)).isPresent()) {
        throw refused(key, "it differs from the field domainname (use that alone)");
      }
      NamespaceType type =
          namespace(key)
              .orElseThrow(
                  () -> refused(key, "it is of no namespace, so setting it would change the host"));
      if (!namespaces.has(NamespaceChoice.namespace(type))) {
        throw refused(key, "the container has the host's %s namespace".formatted(type.spelling()));
      }
    }
  }

  private static PlanException refused(String key, String reason) {
    return new PlanException("linux.sysctl: \"" + key + "\": " + reason);
  }
}
