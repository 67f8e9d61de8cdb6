package dev.coffer.image.registry.config;

import dev.coffer.image.ImageException;
import dev.coffer.image.registry.config.TlsSettings.Identity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A directory of certificates as Docker has one for each registry: {@code *.crt} are authorities,
 * {@code NAME.cert} with {@code NAME.key} prove who calls.
 *
 * <p>Source: Docker's "Verify repository client with certificates", containers-certs.d(5).
 */
final class CertificateDirectory {

  private CertificateDirectory() {}

  /** What is in it; nothing where it is not there. */
  static TlsSettings read(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return TlsSettings.DEFAULT;
    }
    List<Path> authorities = new ArrayList<>();
    List<Identity> identities = new ArrayList<>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.sorted().toList()) {
        String name = file.getFileName().toString();
        if (name.endsWith(".crt")) {
          authorities.add(file);
        } else if (name.endsWith(".cert")) {
          identities.add(new Identity(file, partner(file, ".cert", ".key")));
        } else if (name.endsWith(".key")) {
          partner(file, ".key", ".cert");
        }
      }
    }
    return new TlsSettings(authorities, identities, true);
  }

  private static Path partner(Path file, String ending, String other) throws ImageException {
    String name = file.getFileName().toString();
    Path partner = file.resolveSibling(name.substring(0, name.length() - ending.length()) + other);
    if (!Files.isRegularFile(partner)) {
      throw new ImageException(
          ImageException.Kind.INVALID_REQUEST,
          "cannot use client certificate \"%s\": \"%s\" is missing"
              .formatted(file, partner.getFileName()));
    }
    return partner;
  }
}
