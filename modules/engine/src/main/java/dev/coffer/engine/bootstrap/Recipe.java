package dev.coffer.engine.bootstrap;

import dev.coffer.engine.model.BootstrapRequest;
import dev.coffer.spec.image.Platform;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What to install, with all that a request leaves open filled in.
 *
 * @param distribution whose packages
 * @param suite the release, as the archive calls it
 * @param architecture in Debian's words, such as {@code amd64}
 * @param variant which packages make up the system
 * @param include further packages
 * @param components parts of the archive
 * @param mirrors other places for the packages; may be empty
 * @param keyring the file of the keys that sign them
 */
record Recipe(
    Distribution distribution,
    String suite,
    String architecture,
    String variant,
    List<String> include,
    List<String> components,
    List<String> mirrors,
    String keyring) {

  /** What a tool would take for an option, or a shell or apt for two words, is refused. */
  private static final Pattern WORD = Pattern.compile("[A-Za-z0-9][A-Za-z0-9+.:~=*/_-]*");

  Recipe {
    include = List.copyOf(include);
    components = List.copyOf(components);
    mirrors = List.copyOf(mirrors);
    check("release", suite);
    check("variant", variant);
    include.forEach(each -> check("package", each));
    components.forEach(each -> check("component", each));
    mirrors.forEach(Recipe::checkMirror);
    if (!keyring.startsWith("/")) {
      throw new IllegalArgumentException("keyring \"" + keyring + "\" is not an absolute path");
    }
  }

  /**
   * Reads a request.
   *
   * @throws IllegalArgumentException when it names nothing that is known
   */
  static Recipe of(BootstrapRequest request) {
    String[] words = request.distribution().split(":", 2);
    Distribution distribution = Distribution.named(words[0]);
    String suite = distribution.suite(words.length > 1 ? words[1] : "latest");
    if (suite.equals("latest")) {
      throw new IllegalArgumentException(
          "a release is wanted, such as \"%s:noble\"".formatted(distribution.word()));
    }
    Platform platform = request.platform().map(Platform::parse).orElse(Platform.host());
    return new Recipe(
        distribution,
        suite,
        architecture(platform),
        request.variant(),
        request.include(),
        request.components().isEmpty() ? distribution.components() : request.components(),
        request.mirrors(),
        request.keyring().orElse(distribution.keyring()));
  }

  /** Debian's name of a platform's processor; source: dpkg-architecture(1), "Terms". */
  private static String architecture(Platform platform) {
    String variant = platform.variant().orElse("");
    Optional<String> name =
        Optional.ofNullable(
            switch (platform.architecture()) {
              case "amd64", "arm64", "s390x", "riscv64", "loong64" -> platform.architecture();
              case "386" -> "i386";
              case "arm" -> variant.equals("v5") || variant.equals("v6") ? "armel" : "armhf";
              case "ppc64le" -> "ppc64el";
              case "mips64le" -> "mips64el";
              default -> null;
            });
    return name.filter(_ -> platform.os().equals("linux"))
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "platform %s has no packages in Debian's archive".formatted(platform)));
  }

  private static void check(String what, String word) {
    if (!WORD.matcher(word).matches()) {
      throw new IllegalArgumentException("invalid %s \"%s\"".formatted(what, word));
    }
  }

  private static void checkMirror(String mirror) {
    if (!mirror.matches("[a-z][a-z0-9+]*:/[!-~]+")) {
      throw new IllegalArgumentException(
          "invalid mirror \"%s\": it is no URL, such as http://deb.debian.org/debian"
              .formatted(mirror));
    }
  }

  /** The lines of the image's sources.list. */
  List<String> sources() {
    if (mirrors.isEmpty()) {
      return distribution.sources(suite, architecture, components);
    }
    String tail = " " + suite + " " + String.join(" ", components);
    return mirrors.stream().map(mirror -> "deb " + mirror + tail).toList();
  }

  /** The one place for a tool that knows only one. */
  String mirror() {
    return mirrors.isEmpty() ? distribution.archiveFor(architecture) : mirrors.getFirst();
  }
}
