package dev.coffer.cli.command;

import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.option.Option;
import dev.coffer.cli.option.Type;
import dev.coffer.cli.request.EngineRequest;
import dev.coffer.image.list.PlatformChange;
import dev.coffer.image.registry.RegistryAccess;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Options that several commands on lists of manifests have. */
final class ManifestFlags {

  static final Option<Boolean> ALL =
      Option.of("all", Type.toggle(), "Of a member that is an index add all that it lists");

  private static final Option<Optional<String>> ARCH =
      Option.of("arch", Type.text(), "Set the architecture");
  private static final Option<Optional<String>> OS =
      Option.of("os", Type.text(), "Set the operating system");
  private static final Option<List<String>> OS_FEATURES =
      Option.of("os-features", Type.list(), "Set the operating system's features");
  private static final Option<Optional<String>> OS_VERSION =
      Option.of("os-version", Type.text(), "Set the operating system's version");
  private static final Option<Optional<String>> VARIANT =
      Option.of("variant", Type.text(), "Set the architecture's variant");

  /** What a member says of its platform. */
  static final List<Option<?>> PLATFORM = List.of(ARCH, OS, OS_FEATURES, OS_VERSION, VARIANT);

  private static final Option<Boolean> INSECURE =
      Option.of("insecure", Type.toggle(), "As --tls-verify=false");

  private final RegistryFlags registry = new RegistryFlags();

  static PlatformChange change(Arguments arguments) {
    return new PlatformChange(
        arguments.get(OS),
        arguments.get(ARCH),
        arguments.get(VARIANT),
        arguments.get(OS_VERSION),
        arguments.get(OS_FEATURES).stream()
            .flatMap(each -> List.of(each.split(",")).stream())
            .filter(each -> !each.isEmpty())
            .toList());
  }

  /** The options of a command that speaks to a registry: its own and those of the registry. */
  Option<?>[] with(List<Option<?>> own) {
    List<Option<?>> all = new ArrayList<>(own);
    all.add(INSECURE);
    all.addAll(registry.options());
    return all.toArray(Option<?>[]::new);
  }

  /** On whose behalf a registry is spoken to. */
  RegistryAccess access(EngineRequest request, Arguments arguments) {
    RegistryAccess access = registry.access(request, arguments);
    return arguments.get(INSECURE)
        ? new RegistryAccess(
            access.environment(),
            access.authFile(),
            access.credentials(),
            Optional.of(false),
            access.certificates(),
            access.root())
        : access;
  }
}
