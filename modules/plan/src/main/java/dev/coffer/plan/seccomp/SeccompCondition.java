package dev.coffer.plan.seccomp;

import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.runtime.Capability;
import dev.coffer.spec.runtime.SeccompArch;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What an entry of a profile may ask for. An empty part asks nothing.
 *
 * @param capabilities names of capabilities
 * @param arches names of architectures as profiles write them: {@code amd64}, {@code arm64}, …
 * @param minKernel oldest kernel
 */
public record SeccompCondition(
    List<String> capabilities, List<String> arches, Optional<KernelVersion> minKernel) {

  /** Asks nothing. */
  static final SeccompCondition NONE = new SeccompCondition(List.of(), List.of(), Optional.empty());

  public SeccompCondition {
    capabilities = List.copyOf(capabilities);
    arches = List.copyOf(arches);
  }

  static SeccompCondition read(JsonCursor json) {
    return new SeccompCondition(
        json.field("caps").list(JsonCursor::string),
        json.field("arches").list(JsonCursor::string),
        json.field("minKernel").optional(version -> version.parse(KernelVersion::parse)));
  }

  /** For entries that are included: whether everything that is asked for is there. */
  boolean allHold(SeccompContext context) {
    return capabilities.stream().allMatch(name -> has(context.capabilities(), name))
        && (arches.isEmpty() || arches.contains(profileName(context.arch())))
        && minKernel.stream().allMatch(version -> context.kernel().compareTo(version) >= 0);
  }

  /** For entries that are excluded: whether anything that is asked for is there. */
  boolean anyHolds(SeccompContext context) {
    return capabilities.stream().anyMatch(name -> has(context.capabilities(), name))
        || arches.contains(profileName(context.arch()))
        || minKernel.stream().anyMatch(version -> context.kernel().compareTo(version) >= 0);
  }

  private static boolean has(Set<Capability> capabilities, String name) {
    return Capability.find(name).filter(capabilities::contains).isPresent();
  }

  /** Profiles call two architectures by Debian's names and the others by libseccomp's. */
  private static String profileName(SeccompArch arch) {
    if (arch == SeccompArch.X86_64) {
      return "amd64";
    }
    return arch == SeccompArch.AARCH64 ? "arm64" : arch.name().toLowerCase(Locale.ROOT);
  }
}
