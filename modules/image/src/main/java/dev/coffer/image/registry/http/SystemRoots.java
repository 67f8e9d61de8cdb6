package dev.coffer.image.registry.http;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.util.List;
import java.util.Optional;

/**
 * The authorities that this host trusts, among them those that its administrator has added (as by
 * {@code update-ca-certificates}). They stand before the Java runtime's own list, which knows
 * nothing of them.
 *
 * <p>Source: the places that Go's crypto/x509 looks at on Linux.
 */
final class SystemRoots {
  private static final List<String> BUNDLES =
      List.of(
          "etc/ssl/certs/ca-certificates.crt",
          "etc/pki/tls/certs/ca-bundle.crt",
          "etc/ssl/ca-bundle.pem",
          "etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
          "etc/ssl/cert.pem");

  private SystemRoots() {}

  /** The bundle's file, if the host has one. */
  static Optional<Path> bundle(Path system) {
    return BUNDLES.stream().map(system::resolve).filter(Files::isRegularFile).findFirst();
  }

  /** The bundle's certificates. */
  static List<Certificate> read(Path bundle) throws IOException, GeneralSecurityException {
    return PemFile.certificates(Files.readAllBytes(bundle));
  }
}
