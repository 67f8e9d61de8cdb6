package dev.coffer.image.list;

import dev.coffer.spec.image.Platform;
import java.util.List;
import java.util.Optional;

/**
 * What a user says of a member's platform; what is empty stays as it is.
 *
 * @param os the operating system
 * @param architecture the architecture
 * @param variant its variant
 * @param osVersion the operating system's version
 * @param osFeatures features that the operating system must have
 */
public record PlatformChange(
    Optional<String> os,
    Optional<String> architecture,
    Optional<String> variant,
    Optional<String> osVersion,
    List<String> osFeatures) {

  /** Nothing to change. */
  public static final PlatformChange NONE =
      new PlatformChange(
          Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), List.of());

  public PlatformChange {
    osFeatures = List.copyOf(osFeatures);
  }

  /** Whether there is nothing to change. */
  public boolean isNone() {
    return equals(NONE);
  }

  /** The platform after the change; a part that nobody has said is the host's. */
  Platform applyTo(Optional<Platform> before) {
    Platform host = Platform.host();
    // Another architecture's variant says nothing of this one.
    boolean same = architecture.isEmpty();
    return new Platform(
        os.or(() -> before.map(Platform::os)).orElse(host.os()),
        architecture.or(() -> before.map(Platform::architecture)).orElse(host.architecture()),
        variant.or(() -> same ? before.flatMap(Platform::variant) : Optional.empty()),
        osVersion.or(() -> before.flatMap(Platform::osVersion)),
        osFeatures.isEmpty() ? before.map(Platform::osFeatures).orElse(List.of()) : osFeatures);
  }
}
