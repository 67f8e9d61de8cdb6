package dev.coffer.image.registry.client;

import java.io.IOException;
import java.net.URI;
import java.util.Set;

/** Where an answer leads, and whether one may go there. */
final class Redirects {
  static final int MOST = 5;

  private static final Set<Integer> CODES = Set.of(301, 302, 303, 307, 308);

  private Redirects() {}

  static boolean isRedirect(int status) {
    return CODES.contains(status);
  }

  /** Whether two addresses are at the same server, which alone may see credentials. */
  static boolean sameOrigin(URI one, URI other) {
    return one.getScheme().equals(other.getScheme())
        && String.valueOf(one.getHost()).equalsIgnoreCase(String.valueOf(other.getHost()))
        && port(one) == port(other);
  }

  private static int port(URI uri) {
    return uri.getPort() >= 0 ? uri.getPort() : uri.getScheme().equals("https") ? 443 : 80;
  }

  /**
   * The address that a {@code Location} means.
   *
   * @param plainAllowed whether it may be in the clear although the answer was not
   */
  static URI target(URI from, String location, boolean plainAllowed) throws IOException {
    URI to;
    try {
      to = from.resolve(location);
    } catch (IllegalArgumentException e) {
      throw new IOException("it leads to an address that is none", e);
    }
    boolean http = "http".equals(to.getScheme());
    if (to.getHost() == null
        || to.getRawUserInfo() != null
        || !(http || "https".equals(to.getScheme()))) {
      throw new IOException("it leads to an address that is none");
    }
    if (http && from.getScheme().equals("https") && !plainAllowed) {
      throw new IOException("it leads to an unencrypted address at " + to.getRawAuthority());
    }
    return to;
  }
}
