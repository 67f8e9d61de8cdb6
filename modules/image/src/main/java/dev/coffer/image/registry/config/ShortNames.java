package dev.coffer.image.registry.config;

import dev.coffer.image.ImageException;
import dev.coffer.image.registry.RegistryAccess;
import dev.coffer.spec.image.Digest;
import dev.coffer.spec.image.Reference;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a name without a registry means.
 *
 * <p>Docker's rules hold: {@code app} is {@code docker.io/library/app}. Only Coffer's own {@code
 * registries.conf} changes that, so that no other tool's settings lead a pull elsewhere. Its
 * aliases come first; then its {@code unqualified-search-registries}, of which there must be
 * exactly one: a name that could come from several registries is refused, whatever {@code
 * short-name-mode} says, because whoever takes it first at one of them would be trusted.
 */
public final class ShortNames {
  private final RegistriesConf conf;

  private ShortNames(RegistriesConf conf) {
    this.conf = conf;
  }

  /** Reads the settings of a caller. */
  public static ShortNames of(RegistryAccess access, Path system) throws IOException {
    return new ShortNames(RegistriesConf.read(new ConfigPlaces(system, access).cofferRegistries()));
  }

  /**
   * The reference that a user means.
   *
   * @throws ImageException AMBIGUOUS when several registries could be meant
   * @throws IllegalArgumentException when it is no valid reference
   */
  public Reference resolve(String text) throws ImageException {
    Reference normal = Reference.parse(text);
    if (isQualified(text)) {
      return normal;
    }
    String repository = repository(text);
    String alias = conf.aliases().getOrDefault(repository, "");
    if (!alias.isEmpty()) {
      return at(alias, normal);
    }
    return switch (conf.search().size()) {
      case 0 -> normal;
      case 1 -> at(conf.search().getFirst() + "/" + repository, normal);
      default -> throw ambiguous(repository);
    };
  }

  /**
   * What else than Docker's meaning a text may have in a store, most likely first: its alias, then
   * the repositories of its name at the registries to search. Several are no danger there: somebody
   * has brought each of them by its whole name. Nothing when nothing is configured for it.
   *
   * <p>Source: containers-registries.conf(5), short-name aliasing, and what Podman does.
   */
  public List<Reference> localMeanings(String text) {
    if (!isShort(text)) {
      return List.of();
    }
    Reference normal = Reference.parse(text);
    String repository = repository(text);
    Stream<String> alias =
        Stream.of(conf.aliases().getOrDefault(repository, "")).filter(name -> !name.isEmpty());
    Stream<String> searched = conf.search().stream().map(registry -> registry + "/" + repository);
    return Stream.concat(alias, searched)
        .map(name -> at(name, normal))
        .filter(meaning -> !meaning.equals(normal))
        .distinct()
        .toList();
  }

  private ImageException ambiguous(String repository) {
    List<String> candidates =
        conf.search().stream().map(registry -> registry + "/" + repository).toList();
    return new ImageException(
        ImageException.Kind.AMBIGUOUS,
        "short name \"%s\" could mean %s (write the whole name, or add an alias to registries.conf)"
            .formatted(repository, String.join(" or ", candidates)));
  }

  private static Reference at(String name, Reference suffix) {
    Reference base = Reference.parse(name);
    Optional<String> tag = suffix.tag();
    Optional<Digest> digest = suffix.digest();
    return new Reference(base.domain(), base.path(), tag, digest);
  }

  /** Whether settings can change what a text means: not for a whole name, nor for a whole id. */
  public static boolean isShort(String text) {
    try {
      return !isQualified(text) && Reference.parse(text) != null;
    } catch (IllegalArgumentException anId) {
      return false;
    }
  }

  /** By Docker's rule for the first component, see {@link Reference}. */
  private static boolean isQualified(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      return false;
    }
    Reference parsed = Reference.parse(text);
    return text.startsWith(parsed.domain() + "/") || text.startsWith("index.docker.io/");
  }

  private static String repository(String text) {
    int at = text.indexOf('@');
    String name = at < 0 ? text : text.substring(0, at);
    int colon = name.indexOf(':', name.lastIndexOf('/') + 1);
    return colon < 0 ? name : name.substring(0, colon);
  }
}
