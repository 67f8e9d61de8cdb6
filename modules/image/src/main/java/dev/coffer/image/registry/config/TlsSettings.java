package dev.coffer.image.registry.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * How both sides of an encrypted connection prove who they are.
 *
 * @param authorities files with certificates to trust beside the host's own
 * @param identities what to show to a registry that asks who calls
 * @param verify whether the registry must prove itself
 */
public record TlsSettings(List<Path> authorities, List<Identity> identities, boolean verify) {

  /** The host's authorities and nothing else. */
  public static final TlsSettings DEFAULT = new TlsSettings(List.of(), List.of(), true);

  /**
   * A client certificate.
   *
   * @param certificate a PEM file with the certificate and what leads from it to an authority
   * @param key a PEM file with its private key; may be the same one
   */
  public record Identity(Path certificate, Path key) {}

  public TlsSettings {
    authorities = List.copyOf(authorities);
    identities = List.copyOf(identities);
  }

  /** These and others; verifying what these do. */
  public TlsSettings plus(TlsSettings more) {
    return new TlsSettings(
        joined(authorities, more.authorities), joined(identities, more.identities), verify);
  }

  /** These, with or without proof. */
  public TlsSettings withVerify(boolean other) {
    return new TlsSettings(authorities, identities, other);
  }

  /** These for a host that must not learn who calls. */
  public TlsSettings anonymous() {
    return new TlsSettings(authorities, List.of(), verify);
  }

  private static <T> List<T> joined(List<T> some, List<T> others) {
    return new ArrayList<>(Stream.concat(some.stream(), others.stream()).distinct().toList());
  }
}
