package dev.coffer.image.registry.auth;

import dev.coffer.image.registry.RegistryAccess.Credentials;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Name and password in a header field, see RFC 7617. */
final class Basic {

  private Basic() {}

  static String header(Credentials credentials) {
    byte[] pair =
        (credentials.user() + ":" + credentials.secret()).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(pair);
  }
}
