package dev.coffer.image.registry.client;

import dev.coffer.image.ImageException;
import dev.coffer.image.registry.RegistryAccess;
import dev.coffer.image.registry.RegistryAccess.Credentials;
import dev.coffer.image.registry.auth.Authorizer.Party;
import dev.coffer.image.registry.auth.Challenge;
import dev.coffer.image.registry.auth.CredentialStore;
import dev.coffer.image.registry.auth.Scope;
import dev.coffer.image.registry.config.Endpoint;
import dev.coffer.image.registry.config.TlsSettings;
import dev.coffer.image.registry.config.Transport;
import dev.coffer.image.registry.http.Answer;
import dev.coffer.image.registry.http.Http;
import dev.coffer.image.registry.http.ProxyChoice;
import dev.coffer.image.registry.http.Request;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One caller at one host of a repository: finds the scheme, proves who calls, follows redirects.
 *
 * <p>Credentials and configured header fields go to the host itself and to no other, whatever an
 * answer says; neither does a client certificate.
 */
final class EndpointSession {
  private static final int MOST_CHALLENGES = 2;
  private static final String HTTPS = "https";
  private static final String HTTP = "http";
  private static final Duration NEAR = Duration.ofSeconds(1);
  private static final Duration FAR = Duration.ofSeconds(10);
  private static final String AUTHORIZATION = "Authorization";

  private final Connections connections;
  private final Endpoint configured;
  private final RegistryAccess access;
  private final ProxyChoice proxies;
  private Optional<Optional<Credentials>> credentials = Optional.empty();

  EndpointSession(Connections connections, Endpoint endpoint, RegistryAccess access) {
    this.connections = connections;
    this.configured = endpoint;
    this.access = access;
    this.proxies = ProxyChoice.of(access.environment());
  }

  Endpoint endpoint() {
    return configured;
  }

  /** Scheme, host and port, as the host was found to speak. */
  String origin() throws IOException {
    Endpoint endpoint = reached();
    return endpoint.root().getScheme() + "://" + endpoint.root().getRawAuthority();
  }

  /** Asks once; the answer may be anything but a redirect that can be followed, or a way in. */
  Answer send(Call call) throws IOException {
    Endpoint endpoint = reached();
    URI target = target(endpoint, call);
    Request request = new Request(call.method(), target, call.headers(), call.content());
    if (!Redirects.sameOrigin(endpoint.root(), target)) {
      return follow(endpoint, call, deliver(endpoint, request));
    }
    Party party = party(endpoint, call.scopes());
    Optional<String> authorization = connections.authorizer().ahead(party);
    Answer answer = deliver(endpoint, authorized(request, authorization));
    for (int i = 0; i < MOST_CHALLENGES && answer.status() == 401; i++) {
      List<Challenge> challenges = Challenge.parse(answer.all("WWW-Authenticate"));
      Optional<String> next = connections.authorizer().after(party, challenges, authorization);
      if (next.isEmpty()) {
        return answer;
      }
      answer.close();
      authorization = next;
      answer = deliver(endpoint, authorized(request, authorization));
    }
    return follow(endpoint, call, answer);
  }

  /** What a mirror stands for is told in the query, as containerd does. */
  private static URI target(Endpoint endpoint, Call call) throws IOException {
    if (call.target().contains("://")) {
      return URI.create(call.target());
    }
    String uri = endpoint.root() + call.target();
    if (call.reads() && endpoint.namespace().isPresent()) {
      uri += (uri.contains("?") ? "&" : "?") + "ns=" + endpoint.namespace().get();
    }
    try {
      return URI.create(uri);
    } catch (IllegalArgumentException e) {
      throw new IOException("its address is malformed", e);
    }
  }

  private static Request authorized(Request request, Optional<String> authorization) {
    return authorization.map(value -> request.with(AUTHORIZATION, value)).orElse(request);
  }

  private Party party(Endpoint endpoint, Set<Scope> scopes) {
    return new Party(
        endpoint.root(), this::credentials, scopes, request -> deliver(endpoint, request));
  }

  private Answer follow(Endpoint endpoint, Call call, Answer first) throws IOException {
    Answer answer = first;
    for (int i = 0; call.reads() && Redirects.isRedirect(answer.status()); i++) {
      Optional<String> location = answer.header("Location");
      if (location.isEmpty()) {
        return answer;
      }
      answer.close();
      if (i == Redirects.MOST) {
        throw new IOException("it leads from one address to the next without an end");
      }
      URI to =
          Redirects.target(answer.from(), location.get(), configured.transport() != Transport.TLS);
      Request request = Request.of(call.method(), to, call.headers());
      if (Redirects.sameOrigin(endpoint.root(), to)) {
        Party party = party(endpoint, call.scopes());
        request = authorized(request, connections.authorizer().ahead(party));
      }
      answer = deliver(endpoint, request);
    }
    return answer;
  }

  /** Sends a request as it is, with what its host may see. */
  private Answer deliver(Endpoint endpoint, Request request) throws IOException {
    return deliver(endpoint, request, connections.http());
  }

  private Answer deliver(Endpoint endpoint, Request request, Http http) throws IOException {
    boolean home = Redirects.sameOrigin(endpoint.root(), request.uri());
    TlsSettings tls = home ? configured.tls() : configured.tls().anonymous();
    Duration dial = configured.dialTimeout().orElse(connections.options().connectTimeout());
    HttpClient client = connections.clients().get(tls, proxies, dial);
    Map<String, String> headers = new HashMap<>();
    headers.put("User-Agent", "coffer");
    if (home) {
      configured.headers().forEach((name, values) -> headers.put(name, String.join(", ", values)));
    }
    headers.putAll(request.headers());
    return http.send(
        client, proxies, new Request(request.method(), request.uri(), headers, request.content()));
  }

  /** The endpoint with the scheme that its host speaks. */
  private Endpoint reached() throws IOException {
    return switch (configured.transport()) {
      case TLS -> configured;
      case PLAIN -> configured.withScheme(HTTP);
      case TLS_OR_PLAIN -> configured.withScheme(scheme());
    };
  }

  /**
   * What a host speaks that may be spoken to in the clear: TLS if it answers to that. Some servers
   * say nothing at all to what they do not understand, so the question has a short limit. It is
   * remembered what was found.
   */
  private String scheme() throws IOException {
    String known = connections.schemes().get(configured.root());
    if (known != null) {
      return known;
    }
    String found = probe();
    connections.schemes().put(configured.root(), found);
    return found;
  }

  private String probe() throws IOException {
    Http hasty = connections.http().within(configured.isLoopback() ? NEAR : FAR);
    try {
      int ignored = ping(configured.withScheme(HTTPS), hasty);
      return HTTPS;
    } catch (ImageException | InterruptedIOException e) {
      throw e;
    } catch (IOException e) {
      // A server that wants TLS tells those who come without that this is a bad request.
      return ping(configured.withScheme(HTTP), connections.http()) == 400 ? HTTPS : HTTP;
    }
  }

  private int ping(Endpoint endpoint, Http http) throws IOException {
    Request request = Request.of("GET", URI.create(endpoint.root() + "/"), Map.of());
    try (Answer answer = deliver(endpoint, request, http)) {
      return answer.status();
    }
  }

  /** Looked up when they are needed, and once. */
  private synchronized Optional<Credentials> credentials() throws IOException {
    if (credentials.isEmpty()) {
      credentials = Optional.of(lookUp());
    }
    return credentials.get();
  }

  private Optional<Credentials> lookUp() throws IOException {
    if (access.credentials().isPresent()) {
      // They were given for the registry that was named, which a mirror is not.
      if (!configured.mirror()) {
        return access.credentials();
      }
    }
    return new CredentialStore(access, connections.spawner(), connections.options().helperLimit())
        .find(configured.credentialName())
        .map(CredentialStore.Found::credentials);
  }

  /** Text as a part of a query. */
  static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
