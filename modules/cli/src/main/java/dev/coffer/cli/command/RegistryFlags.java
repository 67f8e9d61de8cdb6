package dev.coffer.cli.command;

import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.option.Option;
import dev.coffer.cli.option.Type;
import dev.coffer.cli.request.EngineRequest;
import dev.coffer.image.registry.RegistryAccess;
import dev.coffer.image.registry.RegistryAccess.Credentials;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The options that say how a registry is spoken to, as Podman and skopeo name them. */
final class RegistryFlags {
  private final Option<Optional<String>> authFile;
  private final Option<Optional<String>> certificates;
  private final Option<Optional<String>> credentials;
  private final Option<Boolean> verifyTls;

  /** The options of a command that speaks to one registry. */
  RegistryFlags() {
    this("", "the registry");
  }

  /**
   * The options for one of two registries.
   *
   * @param prefix before each option's name, such as {@code src-}
   * @param whose which registry, for their descriptions
   */
  RegistryFlags(String prefix, String whose) {
    authFile =
        Option.of(prefix + "authfile", Type.text(), "File with the credentials for " + whose);
    certificates =
        Option.of(
            prefix + "cert-dir",
            Type.text(),
            "Directory with authorities and client certificates for " + whose);
    credentials =
        Option.of(
            prefix + "creds", Type.text(), "Name and password for " + whose + " (NAME:PASSWORD)");
    verifyTls =
        Option.of(
            prefix + "tls-verify",
            Type.toggle(true),
            "Have " + whose + " prove itself by TLS; when false, plain HTTP will do");
  }

  /** All of them, in the order to show. */
  List<Option<?>> options() {
    return List.of(authFile, certificates, credentials, verifyTls);
  }

  /** All but the credentials, for a command that is about those. */
  List<Option<?>> optionsForLogin() {
    return List.of(authFile, certificates, verifyTls);
  }

  /** The one that says where credentials are. */
  Option<?> authFile() {
    return authFile;
  }

  /** What the caller said and has. */
  RegistryAccess access(EngineRequest request, Arguments arguments) {
    return access(request, arguments, Optional.empty());
  }

  /** The same with a file of credentials to use when the caller said none for this registry. */
  RegistryAccess access(
      EngineRequest request, Arguments arguments, Optional<String> otherAuthFile) {
    return new RegistryAccess(
        request.environment(),
        arguments.get(authFile).or(() -> otherAuthFile).map(request.files()::reach),
        arguments.get(credentials).map(text -> credentials(credentials.name(), text)),
        arguments.has(verifyTls) ? Optional.of(arguments.get(verifyTls)) : Optional.empty(),
        arguments.get(certificates).map(request.files()::reach),
        root(request));
  }

  /** A caller who said nothing of registries. */
  static RegistryAccess plain(EngineRequest request) {
    return new RegistryAccess(
        request.environment(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        root(request));
  }

  private static Path root(EngineRequest request) {
    return request.files().sameView() ? Path.of("/") : request.files().rootHandle();
  }

  private static Credentials credentials(String option, String text) {
    int colon = text.indexOf(':');
    if (colon <= 0) {
      throw new IllegalArgumentException(
          "invalid value of --" + option + ": expected NAME:PASSWORD");
    }
    return new Credentials(text.substring(0, colon), text.substring(colon + 1));
  }
}
