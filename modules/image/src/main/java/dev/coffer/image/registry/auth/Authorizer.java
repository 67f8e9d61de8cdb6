package dev.coffer.image.registry.auth;

import dev.coffer.image.ImageException;
import dev.coffer.image.registry.RegistryAccess.Credentials;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Finds the {@code Authorization} that a registry wants. It remembers what each registry asked for,
 * so that later requests carry it from the start.
 */
public final class Authorizer {
  private final Tokens tokens;
  private final Map<URI, Challenge> known = new ConcurrentHashMap<>();

  /** Knows nothing yet. */
  public Authorizer(Clock clock) {
    this.tokens = new Tokens(clock);
  }

  /** Looks credentials up; called only when a registry asks for some. */
  @FunctionalInterface
  public interface Lookup {
    /** The credentials, if there are any. */
    Optional<Credentials> find() throws IOException;
  }

  /**
   * Who wants what from whom.
   *
   * @param root the registry's API
   * @param credentials who asks
   * @param scopes what for
   * @param sender sends requests for tokens
   */
  public record Party(URI root, Lookup credentials, Set<Scope> scopes, Sender sender) {
    public Party {
      scopes = Set.copyOf(scopes);
    }
  }

  /** What to send at once; empty when the registry has never asked for anything. */
  public Optional<String> ahead(Party party) throws IOException {
    Challenge challenge = known.get(party.root());
    return challenge == null
        ? Optional.empty()
        : header(party, challenge, new TreeSet<>(party.scopes()), Optional.empty());
  }

  /**
   * What to send after a 401.
   *
   * @param challenges what the registry offers
   * @param rejected what was sent before, if anything
   * @return empty when there is nothing else to try
   */
  public Optional<String> after(Party party, List<Challenge> challenges, Optional<String> rejected)
      throws IOException {
    Optional<Challenge> bearer = first(challenges, "bearer");
    Optional<Challenge> chosen = bearer.or(() -> first(challenges, "basic"));
    if (chosen.isEmpty()) {
      return Optional.empty();
    }
    Challenge challenge = chosen.get();
    known.put(party.root(), challenge);
    SequencedSet<Scope> scopes =
        Scope.union(party.scopes(), challenge.parameter("scope").orElse(""));
    return header(party, challenge, scopes, rejected)
        .filter(value -> !rejected.equals(Optional.of(value)));
  }

  private static Optional<Challenge> first(List<Challenge> challenges, String scheme) {
    return challenges.stream().filter(it -> it.scheme().equals(scheme)).findFirst();
  }

  private Optional<String> header(
      Party party, Challenge challenge, SequencedSet<Scope> scopes, Optional<String> rejected)
      throws IOException {
    Optional<Credentials> credentials = party.credentials().find();
    if (challenge.scheme().equals("basic")) {
      // An identity token is no password.
      return credentials.filter(given -> !given.user().isEmpty()).map(Basic::header);
    }
    Tokens.Key key =
        Tokens.key(
            realm(party.root(), challenge), challenge.parameter("service"), credentials, scopes);
    Optional<String> token = rejected.map(value -> value.replaceFirst("^Bearer ", ""));
    return Optional.of("Bearer " + tokens.get(key, token, party.sender()));
  }

  /** A registry that is spoken to encrypted must not send secrets in the clear elsewhere. */
  private static URI realm(URI root, Challenge challenge) throws ImageException {
    String text = challenge.parameter("realm").orElse("");
    try {
      URI realm = URI.create(text);
      boolean allowed =
          "https".equals(realm.getScheme())
              || ("http".equals(realm.getScheme()) && root.getScheme().equals("http"));
      if (allowed
          && realm.getHost() != null
          && realm.getRawUserInfo() == null
          && realm.getRawFragment() == null) {
        return realm;
      }
    } catch (IllegalArgumentException e) {
      throw unusable(root, e);
    }
    throw unusable(root, null);
  }

  private static ImageException unusable(URI root, Throwable cause) {
    return new ImageException(
        ImageException.Kind.MALFORMED,
        "registry %s names no safe place to get a token from".formatted(root.getRawAuthority()),
        cause);
  }
}
