package dev.coffer.image.registry.http;

import dev.coffer.image.ImageException;
import dev.coffer.image.registry.config.Cidr;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which proxy leads to an address, by the variables {@code HTTP_PROXY}, {@code HTTPS_PROXY}, {@code
 * ALL_PROXY} and {@code NO_PROXY} or their lower-case forms.
 *
 * <p>Source: golang.org/x/net/http/httpproxy for what Docker's users know; {@code ALL_PROXY} as
 * curl(1) has it. This host itself is never behind a proxy.
 *
 * @param http for addresses in the clear; may be empty
 * @param https for encrypted ones; may be empty
 * @param exceptions what is reached directly
 */
public record ProxyChoice(String http, String https, List<String> exceptions) {
  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127(\\.[0-9]{1,3}){3}|\\[::1]");

  /**
   * A proxy.
   *
   * @param host its name or address
   * @param port its port
   * @param authorization what it wants to see in {@code Proxy-Authorization}
   */
  public record Proxy(String host, int port, Optional<String> authorization) {
    /** Does not tell the secret. */
    @Override
    public String toString() {
      return host + ":" + port;
    }
  }

  public ProxyChoice {
    exceptions = List.copyOf(exceptions);
  }

  /** What an environment says. */
  public static ProxyChoice of(Map<String, String> environment) {
    String all = variable(environment, "ALL_PROXY");
    String http = variable(environment, "HTTP_PROXY");
    String https = variable(environment, "HTTPS_PROXY");
    List<String> exceptions =
        List.of(variable(environment, "NO_PROXY").split(",")).stream()
            .map(entry -> entry.strip().toLowerCase(Locale.ROOT))
            .filter(entry -> !entry.isEmpty())
            .toList();
    return new ProxyChoice(http.isEmpty() ? all : http, https.isEmpty() ? all : https, exceptions);
  }

  private static String variable(Map<String, String> environment, String name) {
    String upper = environment.getOrDefault(name, "");
    return upper.isEmpty() ? environment.getOrDefault(name.toLowerCase(Locale.ROOT), "") : upper;
  }

  /**
   * The proxy to an address; empty when it is reached directly.
   *
   * @throws ImageException INVALID_REQUEST when the variable is malformed, NOT_SUPPORTED for kinds
   *     of proxies that Coffer does not speak to
   */
  public Optional<Proxy> to(URI address) throws ImageException {
    boolean encrypted = address.getScheme().equals("https");
    String proxy = encrypted ? https : http;
    if (proxy.isEmpty() || isExcepted(address, encrypted)) {
      return Optional.empty();
    }
    return Optional.of(parse(proxy));
  }

  private boolean isExcepted(URI address, boolean encrypted) {
    String host = address.getHost().toLowerCase(Locale.ROOT);
    int port = address.getPort() > 0 ? address.getPort() : encrypted ? 443 : 80;
    return LOOPBACK.matcher(host).matches()
        || exceptions.stream().anyMatch(entry -> covers(entry, host, port));
  }

  private static boolean covers(String entry, String host, int port) {
    if (entry.equals("*")) {
      return true;
    }
    Optional<Cidr> network = Cidr.parse(entry);
    if (network.isPresent()) {
      return network.get().holds(host);
    }
    String name = entry;
    int colon = entry.lastIndexOf(':');
    if (colon > entry.lastIndexOf(']') && colon == entry.indexOf(':', entry.lastIndexOf(']') + 1)) {
      if (!entry.substring(colon + 1).equals(String.valueOf(port))) {
        return false;
      }
      name = entry.substring(0, colon);
    }
    name = name.startsWith("*.") ? name.substring(1) : name;
    String bare = host.replaceAll("[\\[\\]]", "");
    return name.startsWith(".")
        ? bare.endsWith(name)
        : bare.equals(name.replaceAll("[\\[\\]]", "")) || bare.endsWith("." + name);
  }

  private static Proxy parse(String text) throws ImageException {
    URI uri;
    try {
      uri = URI.create(text.contains("://") ? text : "http://" + text);
    } catch (IllegalArgumentException e) {
      throw malformed();
    }
    if (uri.getScheme().startsWith("socks") || uri.getScheme().equals("https")) {
      throw new ImageException(
          ImageException.Kind.NOT_SUPPORTED,
          "cannot use the proxy that the environment names: %s proxies are not supported (use an http one)"
              .formatted(uri.getScheme()));
    }
    if (uri.getHost() == null || !uri.getScheme().equals("http")) {
      throw malformed();
    }
    return new Proxy(
        uri.getHost(),
        uri.getPort() > 0 ? uri.getPort() : 80,
        Optional.ofNullable(uri.getRawUserInfo()).map(ProxyChoice::basic));
  }

  /** Not with the text: there may be a password in it. */
  private static ImageException malformed() {
    return new ImageException(
        ImageException.Kind.INVALID_REQUEST,
        "cannot use the proxy that the environment names: it is no address such as http://host:port");
  }

  private static String basic(String userInfo) {
    int colon = userInfo.indexOf(':');
    String user = colon < 0 ? userInfo : userInfo.substring(0, colon);
    String password = colon < 0 ? "" : userInfo.substring(colon + 1);
    byte[] pair = (decode(user) + ":" + decode(password)).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(pair);
  }

  private static String decode(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  /** Does not tell the secrets. */
  @Override
  public String toString() {
    return "ProxyChoice" + exceptions;
  }
}
