package dev.coffer.image.registry.config;

import dev.coffer.image.ImageException;
import dev.coffer.image.registry.RegistryAccess;
import dev.coffer.image.registry.config.Endpoint.Capability;
import dev.coffer.image.registry.config.RegistriesConf.Mirror;
import dev.coffer.image.registry.config.RegistriesConf.Registry;
import dev.coffer.spec.image.Reference;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds out where a repository is, from all that is configured.
 *
 * <p>The first source that says something about a registry decides whom to ask: {@code
 * registries.d} and containerd's {@code certs.d} by its name, {@code registries.conf} by prefix,
 * Docker's {@code daemon.json}, and last the {@code _default} directories. Certificates are taken
 * from all directories of the host that is asked. What forbids (a blocked registry) or allows
 * (plain HTTP) holds whichever source says it; the caller's own word stands above all.
 */
public final class Endpoints {
  private static final Set<Capability> ALL = EnumSet.allOf(Capability.class);
  private static final String DEFAULT_DIRECTORY = "_default";

  private final Reference name;
  private final RegistryAccess access;
  private final ConfigPlaces places;
  private final Optional<Registry> registry;
  private final DaemonJson daemon;

  private Endpoints(
      Reference name,
      RegistryAccess access,
      ConfigPlaces places,
      Optional<Registry> registry,
      DaemonJson daemon) {
    this.name = name;
    this.access = access;
    this.places = places;
    this.registry = registry;
    this.daemon = daemon;
  }

  /**
   * The endpoints of a repository in the order in which they are asked; the last is the registry
   * itself.
   *
   * @param system the root directory of the host's settings
   * @throws ImageException INVALID_REQUEST when the registry is blocked or a file is malformed
   */
  public static List<Endpoint> of(Reference name, RegistryAccess access, Path system)
      throws IOException {
    ConfigPlaces places = new ConfigPlaces(system, access);
    Optional<Registry> registry =
        RegistriesConf.read(places.cofferRegistries()).find(name.toString());
    if (registry.isEmpty()) {
      registry = RegistriesConf.read(places.containersRegistries()).find(name.toString());
    }
    if (registry.isPresent() && registry.get().blocked()) {
      throw new ImageException(
          ImageException.Kind.INVALID_REQUEST,
          "registry \"%s\" is blocked by \"%s\""
              .formatted(registry.get().prefix(), registry.get().source()));
    }
    DaemonJson daemon = DaemonJson.read(places.daemonJson());
    return new Endpoints(name, access, places, registry, daemon).all();
  }

  private List<Endpoint> all() throws IOException {
    HostName own = new HostName(name.domain());
    Optional<HostsToml> exact = hosts(own.directoryNames());
    if (exact.isPresent()) {
      return ofHosts(exact.get());
    }
    if (registry.isPresent()
        && !(registry.get().location().isEmpty() && registry.get().mirrors().isEmpty())) {
      return ofRegistriesConf(registry.get());
    }
    if (own.isHub() && !daemon.mirrors().isEmpty()) {
      return ofDaemon();
    }
    Optional<HostsToml> otherwise = hosts(List.of(DEFAULT_DIRECTORY));
    return otherwise.isPresent() ? ofHosts(otherwise.get()) : List.of(own());
  }

  private Optional<HostsToml> hosts(List<String> directories) throws IOException {
    for (Path place : places.hosts()) {
      for (String directory : directories) {
        Optional<HostsToml> found = HostsToml.read(place.resolve(directory));
        if (found.isPresent()) {
          return found;
        }
      }
    }
    return Optional.empty();
  }

  private Endpoint own() throws IOException {
    return at(name.domain(), name.path(), false, false);
  }

  private List<Endpoint> ofHosts(HostsToml toml) throws IOException {
    List<Endpoint> endpoints = new ArrayList<>();
    for (HostsToml.Host host : toml.hosts()) {
      endpoints.add(ofHost(host, true));
    }
    endpoints.add(
        toml.server().isPresent()
            ? ofHost(toml.settings(), false)
            : configured(own(), toml.settings()));
    return List.copyOf(endpoints);
  }

  private Endpoint ofHost(HostsToml.Host host, boolean mirror) throws IOException {
    URI uri = address(host.url());
    Endpoint plain = at(uri.getRawAuthority(), name.path(), false, mirror);
    boolean named = host.url().contains("://");
    String path = String.valueOf(uri.getRawPath()).replaceAll("/+$", "");
    String root =
        (named ? uri.getScheme() : plain.root().getScheme())
            + "://"
            + plain.root().getRawAuthority()
            + path
            + (host.overridePath() || path.endsWith("/v2") ? "" : "/v2");
    Transport transport =
        !named
            ? plain.transport()
            : uri.getScheme().equals("http") ? Transport.PLAIN : Transport.TLS;
    if (transport == Transport.PLAIN && access.verifyTls().orElse(false)) {
      throw new ImageException(
          ImageException.Kind.INVALID_REQUEST,
          "cannot use registry host \"%s\": it is configured for plain HTTP, which --tls-verify forbids"
              .formatted(host.url()));
    }
    Endpoint addressed =
        new Endpoint(
            URI.create(root),
            name.path(),
            transport,
            host.capabilities(),
            plain.tls(),
            Map.of(),
            plain.namespace(),
            Optional.empty(),
            plain.credentialName(),
            mirror);
    return configured(addressed, host);
  }

  private static URI address(String url) throws ImageException {
    try {
      URI uri = HostsToml.uri(url, "https");
      if (uri.getHost() != null && List.of("http", "https").contains(uri.getScheme())) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      throw malformed(url, e);
    }
    throw malformed(url, null);
  }

  private static ImageException malformed(String url, Throwable cause) {
    return new ImageException(
        ImageException.Kind.INVALID_REQUEST,
        "cannot use registry host \"" + url + "\": it must be an http or https address",
        cause);
  }

  /** An endpoint with what a {@code hosts.toml} says of it. */
  private Endpoint configured(Endpoint endpoint, HostsToml.Host host) {
    boolean verify = access.verifyTls().orElse(endpoint.tls().verify() && host.tls().verify());
    return new Endpoint(
        endpoint.root(),
        endpoint.path(),
        endpoint.transport(),
        host.capabilities(),
        endpoint.tls().plus(host.tls()).withVerify(verify),
        host.headers(),
        endpoint.namespace(),
        host.dialTimeout(),
        endpoint.credentialName(),
        endpoint.mirror());
  }

  private List<Endpoint> ofRegistriesConf(Registry entry) throws IOException {
    List<Endpoint> endpoints = new ArrayList<>();
    for (Mirror mirror : entry.mirrors()) {
      // A mirror for tags alone is of no use for what tags point at.
      Set<Capability> capabilities = EnumSet.noneOf(Capability.class);
      if (mirror.byTag()) {
        capabilities.add(Capability.RESOLVE);
      }
      if (mirror.byDigest()) {
        capabilities.add(Capability.PULL);
      }
      endpoints.add(
          located(entry.at(name.name(), mirror.location()), mirror.insecure(), true, capabilities));
    }
    endpoints.add(located(entry.at(name.name(), entry.location()), entry.insecure(), false, ALL));
    return List.copyOf(endpoints);
  }

  private Endpoint located(
      String location, boolean insecure, boolean mirror, Set<Capability> capabilities)
      throws IOException {
    int slash = location.indexOf('/');
    String domain = slash < 0 ? location : location.substring(0, slash);
    String path = slash < 0 ? "" : location.substring(slash + 1);
    if (path.isEmpty() || domain.isEmpty()) {
      throw new ImageException(
          ImageException.Kind.INVALID_REQUEST,
          "cannot use registry location \"" + location + "\": it names no repository");
    }
    try {
      Reference ignored = new Reference(domain, path, Optional.empty(), Optional.empty());
    } catch (IllegalArgumentException e) {
      throw new ImageException(
          ImageException.Kind.INVALID_REQUEST,
          "cannot use registry location \"%s\": %s".formatted(location, e.getMessage()),
          e);
    }
    Endpoint at = at(domain, path, insecure, mirror);
    return new Endpoint(
        at.root(),
        path,
        at.transport(),
        capabilities,
        at.tls(),
        Map.of(),
        // The location says where the content is; its registry needs no other hint.
        Optional.empty(),
        Optional.empty(),
        at.credentialName(),
        mirror);
  }

  private List<Endpoint> ofDaemon() throws IOException {
    List<Endpoint> endpoints = new ArrayList<>();
    for (String url : daemon.mirrors()) {
      HostsToml.Host host =
          new HostsToml.Host(
              url,
              EnumSet.of(Capability.PULL, Capability.RESOLVE),
              TlsSettings.DEFAULT,
              Map.of(),
              false,
              Optional.<Duration>empty());
      endpoints.add(ofHost(host, true));
    }
    endpoints.add(own());
    return List.copyOf(endpoints);
  }

  /** A host and a repository there, with what holds for that host in general. */
  private Endpoint at(String domain, String path, boolean insecure, boolean mirror)
      throws IOException {
    HostName host = new HostName(domain);
    boolean trusted =
        access
            .verifyTls()
            .map(verify -> !verify)
            .orElseGet(
                () ->
                    insecure
                        || host.isLoopback()
                        || daemon.isInsecure(host)
                        || (!mirror && registry.map(Registry::insecure).orElse(false)));
    String known = HostName.known(domain);
    return new Endpoint(
        URI.create("https://" + host.server() + "/v2"),
        path,
        trusted ? Transport.TLS_OR_PLAIN : Transport.TLS,
        mirror ? EnumSet.of(Capability.PULL, Capability.RESOLVE) : ALL,
        certificates(new HostName(known)).withVerify(!trusted),
        Map.of(),
        known.equals(name.domain()) ? Optional.empty() : Optional.of(name.domain()),
        Optional.empty(),
        known + "/" + path,
        mirror);
  }

  private TlsSettings certificates(HostName host) throws IOException {
    TlsSettings all = TlsSettings.DEFAULT;
    if (access.certificates().isPresent()) {
      all = all.plus(CertificateDirectory.read(access.certificates().get()));
    }
    for (Path place : places.certificates()) {
      for (String directory : host.directoryNames()) {
        all = all.plus(CertificateDirectory.read(place.resolve(directory)));
      }
    }
    return all;
  }
}
