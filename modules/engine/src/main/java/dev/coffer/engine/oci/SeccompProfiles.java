package dev.coffer.engine.oci;

import dev.coffer.engine.EngineException;
import dev.coffer.engine.EngineException.Kind;
import dev.coffer.plan.seccomp.DefaultSeccomp;
import dev.coffer.plan.seccomp.KernelVersion;
import dev.coffer.plan.seccomp.SeccompContext;
import dev.coffer.plan.seccomp.SeccompProfile;
import dev.coffer.spec.SpecException;
import dev.coffer.spec.runtime.CapabilitySet;
import dev.coffer.spec.runtime.Seccomp;
import dev.coffer.spec.runtime.SeccompArch;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Seccomp profiles for this host. The default one is made once for each set of capabilities. */
public final class SeccompProfiles {

  /** How many capability sets are remembered; there is one for almost all containers. */
  private static final int CACHED = 64;

  private final SeccompArch arch;
  private final KernelVersion kernel;
  private final Map<CapabilitySet, Seccomp> defaults = new ConcurrentHashMap<>();

  /** For a host. */
  public SeccompProfiles(SeccompArch arch, KernelVersion kernel) {
    this.arch = arch;
    this.kernel = kernel;
  }

  /**
   * The profile of a container; empty: it is not filtered.
   *
   * @param option {@code builtin}, {@code unconfined}, or a profile's JSON
   * @throws EngineException INVALID for a profile that cannot be read
   */
  public Optional<Seccomp> profile(String option, CapabilitySet capabilities) {
    return switch (option) {
      case "unconfined" -> Optional.empty();
      case "builtin" -> Optional.of(builtin(capabilities));
      default -> custom(option, capabilities);
    };
  }

  private Seccomp builtin(CapabilitySet capabilities) {
    if (defaults.size() > CACHED) {
      defaults.clear();
    }
    return defaults.computeIfAbsent(capabilities, set -> DefaultSeccomp.profile(context(set)));
  }

  private Optional<Seccomp> custom(String json, CapabilitySet capabilities) {
    try {
      return SeccompProfile.parse("seccomp profile", json.getBytes(StandardCharsets.UTF_8))
          .map(profile -> profile.resolve(context(capabilities)));
    } catch (SpecException e) {
      throw new EngineException(Kind.INVALID, "cannot create container: " + e.getMessage(), e);
    }
  }

  private SeccompContext context(CapabilitySet capabilities) {
    return new SeccompContext(capabilities.known(), arch, kernel);
  }
}
