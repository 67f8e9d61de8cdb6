package dev.coffer.runtime.oci;

import dev.coffer.plan.HostFacts;

/** Whether a container does without the cgroups that its creator may not make. */
public enum Rootless {
  /** For whoever is not root on the host. */
  AUTO,
  TRUE,
  FALSE;

  boolean holdsFor(HostFacts facts) {
    return switch (this) {
      case AUTO -> facts.inUserNamespace() || !facts.mayMount();
      case TRUE -> true;
      case FALSE -> false;
    };
  }
}
