package dev.coffer.image.registry.config;

import dev.coffer.image.registry.config.Endpoint.Capability;
import dev.coffer.image.registry.config.TlsSettings.Identity;
import dev.coffer.spec.json.JsonArray;
import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.JsonString;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A {@code hosts.toml}: which hosts to ask for what is named after one registry, in order, and who
 * is asked last.
 *
 * <p>Source: containerd's docs/hosts.md.
 *
 * @param server who is asked last; the registry itself when empty
 * @param settings what holds for that one
 * @param hosts who is asked before
 */
record HostsToml(Optional<String> server, Host settings, List<Host> hosts) {

  static final String NAME = "hosts.toml";

  /** What a file without anything says of the registry itself. */
  private static final Set<Capability> EVERYTHING = EnumSet.allOf(Capability.class);

  /** A mirror that nothing is said of is read from, and not written to. */
  private static final Set<Capability> READING = EnumSet.of(Capability.PULL, Capability.RESOLVE);

  /**
   * One host.
   *
   * @param url scheme, host, port and perhaps a path; without a scheme as in a reference
   * @param overridePath whether the path is the API's root, instead of what stands before {@code
   *     /v2}
   */
  record Host(
      String url,
      Set<Capability> capabilities,
      TlsSettings tls,
      Map<String, List<String>> headers,
      boolean overridePath,
      Optional<Duration> dialTimeout) {

    Host {
      capabilities = Set.copyOf(capabilities);
      headers = Map.copyOf(headers);
    }
  }

  HostsToml {
    hosts = List.copyOf(hosts);
  }

  /** Reads a directory's file; empty when it has none. */
  static Optional<HostsToml> read(Path directory) throws IOException {
    return ConfigFile.decode(
        () -> Toml.read(directory.resolve(NAME)).map(at -> decode(directory, at)));
  }

  private static HostsToml decode(Path directory, JsonCursor at) {
    List<Host> hosts = new ArrayList<>();
    if (at.field("host").isPresent()) {
      for (String url : at.field("host").object().members().keySet()) {
        hosts.add(host(directory, url, at.field("host").field(url), READING));
      }
    }
    Optional<String> server = at.field("server").nonEmpty();
    return new HostsToml(server, host(directory, server.orElse(""), at, EVERYTHING), hosts);
  }

  private static Host host(Path directory, String url, JsonCursor at, Set<Capability> otherwise) {
    return new Host(
        url,
        at.field("capabilities").isPresent() ? capabilities(at.field("capabilities")) : otherwise,
        new TlsSettings(
            texts(at.field("ca")).stream().map(directory::resolve).toList(),
            identities(directory, at.field("client")),
            !at.field("skip_verify").boolOrFalse()),
        headers(at.field("header")),
        at.field("override_path").boolOrFalse(),
        at.field("dial_timeout").optional(value -> value.parse(HostsToml::duration)));
  }

  private static Set<Capability> capabilities(JsonCursor at) {
    Set<Capability> capabilities = EnumSet.noneOf(Capability.class);
    for (String word : at.list(JsonCursor::string)) {
      switch (word) {
        case "pull" -> capabilities.add(Capability.PULL);
        case "resolve" -> capabilities.add(Capability.RESOLVE);
        case "push" -> capabilities.add(Capability.PUSH);
        // Referrers are read as what they are: manifests and tags.
        case "referrers" -> {}
        case String other ->
            throw at.failure("must hold pull, resolve or push, holds \"" + other + "\"");
      }
    }
    return capabilities;
  }

  /** A text, or a list of texts. */
  private static List<String> texts(JsonCursor at) {
    if (!at.isPresent()) {
      return List.of();
    }
    return at.value() instanceof JsonString text
        ? List.of(text.value())
        : at.list(JsonCursor::string);
  }

  /** A file, a list of files, or a list of pairs of files whose second one may be empty. */
  private static List<Identity> identities(Path directory, JsonCursor at) {
    if (!at.isPresent()) {
      return List.of();
    }
    if (at.value() instanceof JsonString file) {
      return List.of(identity(directory, file.value(), ""));
    }
    return at.list(
        item -> {
          if (item.value() instanceof JsonArray) {
            List<String> pair = item.list(JsonCursor::string);
            if (pair.isEmpty() || pair.size() > 2) {
              throw item.failure("must be a certificate and its key");
            }
            return identity(directory, pair.getFirst(), pair.size() == 2 ? pair.get(1) : "");
          }
          return identity(directory, item.string(), "");
        });
  }

  private static Identity identity(Path directory, String certificate, String key) {
    Path file = directory.resolve(certificate);
    return new Identity(file, key.isEmpty() ? file : directory.resolve(key));
  }

  private static Map<String, List<String>> headers(JsonCursor at) {
    Map<String, List<String>> headers = new LinkedHashMap<>();
    if (at.isPresent()) {
      at.object().members().keySet().forEach(name -> headers.put(name, texts(at.field(name))));
    }
    return headers;
  }

  /** Go's notation of one number and one unit, such as {@code 500ms} or {@code 1m}. */
  private static Duration duration(String text) {
    try {
      String number = text.replaceAll("[a-z]+$", "");
      double value = Double.parseDouble(number);
      double nanos =
          value
              * switch (text.substring(number.length())) {
                case "ms" -> 1e6;
                case "s" -> 1e9;
                case "m" -> 60e9;
                default -> throw new NumberFormatException();
              };
      if (nanos <= 0 || nanos > 3600e9) {
        throw new NumberFormatException();
      }
      return Duration.ofNanos((long) nanos);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("must be a duration such as \"10s\"", e);
    }
  }

  /** The parts of an address that may lack its scheme. */
  static URI uri(String url, String scheme) {
    return URI.create(url.contains("://") ? url : scheme + "://" + url);
  }
}
