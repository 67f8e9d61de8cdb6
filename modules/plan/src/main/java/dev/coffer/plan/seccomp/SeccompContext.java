package dev.coffer.plan.seccomp;

import dev.coffer.spec.runtime.Capability;
import dev.coffer.spec.runtime.CapabilitySet;
import dev.coffer.spec.runtime.SeccompArch;
import java.util.Set;

/**
 * What the conditions in a profile ask about.
 *
 * @param capabilities the container's bounding set
 * @param arch the host's native architecture
 * @param kernel the host's kernel
 */
public record SeccompContext(Set<Capability> capabilities, SeccompArch arch, KernelVersion kernel) {

  public SeccompContext {
    capabilities = CapabilitySet.of(capabilities).known();
  }
}
