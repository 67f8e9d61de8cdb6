package dev.coffer.image.registry.config;

import dev.coffer.spec.json.JsonCursor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A {@code registries.conf} of version 2, with its drop-ins.
 *
 * <p>Source: containers-registries.conf(5) and containers-registries.conf.d(5).
 *
 * @param registries what is said of names that begin so
 * @param search registries to look for unqualified names at
 * @param aliases short names and what they mean
 */
record RegistriesConf(List<Registry> registries, List<String> search, Map<String, String> aliases) {

  static final RegistriesConf NOTHING = new RegistriesConf(List.of(), List.of(), Map.of());

  /**
   * What holds for all names with a prefix.
   *
   * @param prefix of names; {@code *.example.org} stands for all hosts below
   * @param location what stands in the prefix's place; empty when nothing is replaced
   * @param source the file that says so
   */
  record Registry(
      String prefix,
      String location,
      boolean insecure,
      boolean blocked,
      List<Mirror> mirrors,
      Path source) {

    Registry {
      mirrors = List.copyOf(mirrors);
    }

    private boolean matches(String name) {
      return hasWildcard()
          ? name.substring(0, domainLength(name)).endsWith(prefix.substring(1))
          : name.startsWith(prefix)
              && (name.length() == prefix.length()
                  || "/:@".indexOf(name.charAt(prefix.length())) >= 0);
    }

    private boolean hasWildcard() {
      return prefix.startsWith("*.");
    }

    /** The name with another location in the prefix's place; as it is when there is none. */
    String at(String name, String other) {
      int replaced = hasWildcard() ? domainLength(name) : prefix.length();
      return other.isEmpty() ? name : other + name.substring(replaced);
    }

    private static int domainLength(String name) {
      int slash = name.indexOf('/');
      return slash < 0 ? name.length() : slash;
    }
  }

  /**
   * A mirror of such names.
   *
   * @param byTag whether it may be asked for tags
   * @param byDigest whether it may be asked for digests
   */
  record Mirror(String location, boolean insecure, boolean byTag, boolean byDigest) {}

  RegistriesConf {
    registries = List.copyOf(registries);
    search = List.copyOf(search);
    aliases = Map.copyOf(aliases);
  }

  /** Reads a file and the drop-ins beside it, whose names end in {@code .conf}. */
  static RegistriesConf read(Path file) throws IOException {
    RegistriesConf all = ConfigFile.decode(() -> one(file));
    Path dropIns = file.resolveSibling(file.getFileName() + ".d");
    if (!Files.isDirectory(dropIns)) {
      return all;
    }
    try (Stream<Path> files = Files.list(dropIns)) {
      List<Path> sorted = files.filter(name -> name.toString().endsWith(".conf")).sorted().toList();
      for (Path dropIn : sorted) {
        all = all.overlaid(ConfigFile.decode(() -> one(dropIn)));
      }
    }
    return all;
  }

  private static RegistriesConf one(Path file) throws IOException {
    return Toml.read(file).map(at -> decode(file, at)).orElse(NOTHING);
  }

  private static RegistriesConf decode(Path file, JsonCursor at) {
    if (at.field("registries").isPresent()) {
      throw at.failure("format 1 is not read (write [[registry]] tables)");
    }
    Map<String, String> aliases = new LinkedHashMap<>();
    aliases.putAll(at.field("aliases").map(JsonCursor::string));
    return new RegistriesConf(
        at.field("registry").list(item -> registry(file, item)),
        at.field("unqualified-search-registries").list(JsonCursor::string),
        aliases);
  }

  private static Registry registry(Path file, JsonCursor at) {
    String location = at.field("location").stringOrEmpty();
    String prefix = at.field("prefix").nonEmpty().orElse(location);
    if (prefix.isEmpty()) {
      throw at.failure("needs a prefix or a location");
    }
    boolean digestOnly = at.field("mirror-by-digest-only").boolOrFalse();
    return new Registry(
        prefix,
        location,
        at.field("insecure").boolOrFalse(),
        at.field("blocked").boolOrFalse(),
        at.field("mirror").list(item -> mirror(item, digestOnly)),
        file);
  }

  private static Mirror mirror(JsonCursor at, boolean digestOnly) {
    String use = at.field("pull-from-mirror").nonEmpty().orElse(digestOnly ? "digest-only" : "all");
    if (!List.of("all", "digest-only", "tag-only").contains(use)) {
      throw at.field("pull-from-mirror").failure("must be all, digest-only or tag-only");
    }
    return new Mirror(
        at.field("location").string(),
        at.field("insecure").boolOrFalse(),
        !use.equals("digest-only"),
        !use.equals("tag-only"));
  }

  /** These settings with those of a later file, which win. An alias of nothing takes one away. */
  private RegistriesConf overlaid(RegistriesConf later) {
    List<Registry> joined = new ArrayList<>(registries);
    joined.removeIf(old -> later.registries.stream().anyMatch(r -> r.prefix.equals(old.prefix)));
    joined.addAll(later.registries);
    Map<String, String> names = new LinkedHashMap<>(aliases);
    names.putAll(later.aliases);
    return new RegistriesConf(joined, later.search.isEmpty() ? search : later.search, names);
  }

  /** What is said of a name: the entry with the longest prefix. */
  Optional<Registry> find(String name) {
    return registries.stream()
        .filter(registry -> registry.matches(name))
        .max(Comparator.comparingInt(registry -> registry.prefix().length()));
  }
}
