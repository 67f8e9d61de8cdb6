package dev.coffer.image.registry.config;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One place where a repository can be found: at the registry itself, or at a mirror.
 *
 * @param root the API's root, such as {@code https://registry-1.docker.io/v2}, without a slash at
 *     its end
 * @param path the repository's path there
 * @param transport how the host may be spoken to; the root's scheme is the first try
 * @param capabilities what it is trusted with
 * @param tls proofs
 * @param headers fields that every request to this host carries
 * @param namespace the registry that a mirror stands for, which it is told; empty at the registry
 *     itself
 * @param dialTimeout how long connecting may take, when configured
 * @param credentialName under which name credentials are looked up, such as {@code
 *     docker.io/library/busybox}
 * @param mirror whether this is another host than the one that the name means
 */
public record Endpoint(
    URI root,
    String path,
    Transport transport,
    Set<Capability> capabilities,
    TlsSettings tls,
    Map<String, List<String>> headers,
    Optional<String> namespace,
    Optional<Duration> dialTimeout,
    String credentialName,
    boolean mirror) {

  /** What a host is trusted with. */
  public enum Capability {
    /** To give what is named by its digest. */
    PULL,
    /** To say what a tag means. */
    RESOLVE,
    /** To be written to. */
    PUSH
  }

  public Endpoint {
    capabilities = Set.copyOf(capabilities);
    headers = Map.copyOf(headers);
  }

  /** Host and port, for messages. */
  public String host() {
    return root.getRawAuthority();
  }

  /** Whether it is at this very machine. */
  public boolean isLoopback() {
    return new HostName(host()).isLoopback();
  }

  /** Whether it is trusted with something. */
  public boolean can(Capability capability) {
    return capabilities.contains(capability);
  }

  /** This endpoint by another scheme. */
  public Endpoint withScheme(String scheme) {
    URI other = URI.create(scheme + root.toString().substring(root.getScheme().length()));
    return new Endpoint(
        other,
        path,
        transport,
        capabilities,
        tls,
        headers,
        namespace,
        dialTimeout,
        credentialName,
        mirror);
  }

  /** This endpoint with other proofs. */
  Endpoint withTls(TlsSettings other) {
    return new Endpoint(
        root,
        path,
        transport,
        capabilities,
        other,
        headers,
        namespace,
        dialTimeout,
        credentialName,
        mirror);
  }
}
