package dev.coffer.image.registry.auth;

import dev.coffer.image.ImageException;
import dev.coffer.image.registry.RegistryAccess.Credentials;
import dev.coffer.image.registry.http.Answer;
import dev.coffer.image.registry.http.Messages;
import dev.coffer.image.registry.http.Request;
import dev.coffer.spec.SpecException;
import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.Limits;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Bearer tokens, fetched once for each registry, caller and scope, and again before they expire.
 *
 * <p>Source: Docker's "Token authentication specification" and "OAuth2 token authentication".
 */
final class Tokens {
  private static final int MAX_ANSWER = 1 << 20;

  /** What a server means that does not say how long its token lives. */
  private static final Duration DEFAULT_LIFE = Duration.ofSeconds(60);

  private static final double LONGEST_SECONDS = 86_400;
  private static final Duration MARGIN = Duration.ofSeconds(10);
  private static final String CLIENT = "coffer";

  private final Clock clock;
  private final Map<Key, Slot> slots = new ConcurrentHashMap<>();

  /**
   * What a token is asked for with.
   *
   * @param realm who gives tokens
   * @param service for which registry, as it calls itself
   * @param credentials who asks
   * @param scopes what for
   */
  record Key(
      URI realm,
      Optional<String> service,
      Optional<Credentials> credentials,
      SequencedSet<Scope> scopes) {}

  private record Token(String value, Instant refresh) {}

  /** Those who want the same token wait for whoever fetches it. */
  private static final class Slot {
    private volatile Optional<Token> token = Optional.empty();
  }

  Tokens(Clock clock) {
    this.clock = clock;
  }

  /**
   * A token.
   *
   * @param rejected one that the registry has refused already
   */
  String get(Key key, Optional<String> rejected, Sender sender) throws IOException {
    slots.values().removeIf(this::isOver);
    Slot slot = slots.computeIfAbsent(key, _ -> new Slot());
    synchronized (slot) {
      Optional<String> usable =
          slot.token
              .filter(token -> clock.instant().isBefore(token.refresh()))
              .map(Token::value)
              .filter(value -> !rejected.equals(Optional.of(value)));
      if (usable.isPresent()) {
        return usable.get();
      }
      Token fresh = fetch(key, sender);
      slot.token = Optional.of(fresh);
      return fresh.value();
    }
  }

  private boolean isOver(Slot slot) {
    return slot.token.map(token -> clock.instant().isAfter(token.refresh())).orElse(false);
  }

  private Token fetch(Key key, Sender sender) throws IOException {
    Request request =
        key.credentials().filter(given -> given.user().isEmpty()).isPresent()
            ? byIdentityToken(key)
            : byPassword(key);
    try (Answer answer = sender.send(request)) {
      if (!answer.isSuccess()) {
        throw refused(key, answer);
      }
      return read(key, answer.bytes(MAX_ANSWER));
    } catch (ImageException | InterruptedIOException e) {
      throw e;
    } catch (IOException e) {
      // May pass: whoever asked for something will ask again.
      throw new IOException(
          "cannot get a token from %s: %s".formatted(key.realm().getRawAuthority(), Messages.of(e)),
          e);
    }
  }

  private static Request byPassword(Key key) {
    List<String> query = new ArrayList<>();
    key.service().ifPresent(service -> query.add("service=" + encode(service)));
    key.scopes().forEach(scope -> query.add("scope=" + encode(scope.toString())));
    key.credentials().ifPresent(given -> query.add("account=" + encode(given.user())));
    String before = key.realm().getRawQuery() == null ? "?" : "&";
    URI uri =
        query.isEmpty() ? key.realm() : URI.create(key.realm() + before + String.join("&", query));
    Request request = Request.of("GET", uri, Map.of());
    return key.credentials()
        .map(given -> request.with("Authorization", Basic.header(given)))
        .orElse(request);
  }

  private static Request byIdentityToken(Key key) {
    String scopes = key.scopes().stream().map(Scope::toString).collect(Collectors.joining(" "));
    String form =
        "grant_type=refresh_token&client_id="
            + CLIENT
            + key.service().map(service -> "&service=" + encode(service)).orElse("")
            + (scopes.isEmpty() ? "" : "&scope=" + encode(scopes))
            + "&refresh_token="
            + encode(key.credentials().orElseThrow().secret());
    return new Request(
        "POST",
        key.realm(),
        Map.of("Content-Type", "application/x-www-form-urlencoded"),
        Optional.of(new Form(form.getBytes(StandardCharsets.US_ASCII))));
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static ImageException refused(Key key, Answer answer) throws IOException {
    int status = answer.status();
    if (status == 429 || status >= 500) {
      throw new IOException("it answers with status " + status);
    }
    String host = key.realm().getRawAuthority();
    boolean denied = status == 400 || status == 401 || status == 403;
    return denied && key.credentials().isPresent()
        ? new ImageException(
            ImageException.Kind.UNAUTHORIZED, host + " refuses the name or the password")
        : new ImageException(
            denied ? ImageException.Kind.UNAUTHORIZED : ImageException.Kind.MALFORMED,
            "cannot get a token from %s: it answers with status %d".formatted(host, status));
  }

  private Token read(Key key, byte[] bytes) throws ImageException {
    String document = "token of " + key.realm().getRawAuthority();
    try {
      if (bytes.length > MAX_ANSWER) {
        throw new SpecException(document + ": it is too large");
      }
      JsonCursor at = JsonCursor.read(document, bytes, Limits.CONFIG);
      String value =
          at.field("token").nonEmpty().or(() -> at.field("access_token").nonEmpty()).orElse("");
      if (!value.matches("[!-~]+")) {
        throw new SpecException(document + ": there is no token in it");
      }
      Duration given =
          at.field("expires_in")
              .optional(JsonCursor::float64)
              .map(seconds -> Duration.ofSeconds((long) Math.min(seconds, LONGEST_SECONDS)))
              .orElse(DEFAULT_LIFE);
      Duration life = given.compareTo(DEFAULT_LIFE) < 0 ? DEFAULT_LIFE : given;
      return new Token(value, clock.instant().plus(life).minus(MARGIN));
    } catch (SpecException e) {
      throw new ImageException(ImageException.Kind.MALFORMED, "invalid " + e.getMessage(), e);
    }
  }

  /** The key for scopes in any order. */
  static Key key(
      URI realm,
      Optional<String> service,
      Optional<Credentials> credentials,
      SequencedSet<Scope> scopes) {
    return new Key(realm, service, credentials, new TreeSet<>(scopes));
  }

  private static final class Form implements Request.Content {
    private final byte[] bytes;

    Form(byte[] bytes) {
      this.bytes = bytes;
    }

    @Override
    public long length() {
      return bytes.length;
    }

    @Override
    public InputStream open() {
      return new ByteArrayInputStream(bytes);
    }
  }
}
