package dev.coffer.image.registry.client;

import dev.coffer.image.ImageException;
import dev.coffer.image.ImageException.Kind;
import dev.coffer.image.registry.auth.Scope;
import dev.coffer.image.registry.client.Places.Place;
import dev.coffer.image.registry.http.Answer;
import dev.coffer.spec.SpecException;
import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.Limits;
import java.io.IOException;
import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Answers that go on at the address that a {@code Link} names, see RFC 8288. */
final class Pages {
  private static final int MAX_BYTES = 4 << 20;
  private static final int MAX_PAGES = 10_000;
  private static final Pattern NEXT =
      Pattern.compile("<([^>]*)>[^,]*;\\s*rel=\"?next\"?(?:[\\s;,].*)?");

  private final Place place;
  private final String object;
  private final Set<String> seen = new HashSet<>();

  Pages(Place place, String object) {
    this.place = place;
    this.object = object;
  }

  /** Takes in one page. */
  @FunctionalInterface
  interface Reader {
    /** Takes it in; the answer's fields tell more. */
    void read(JsonCursor page, Answer answer);
  }

  /**
   * Reads page by page.
   *
   * @return false, without having read any, when the registry answers the first with one of these
   */
  boolean read(String target, Set<Integer> absent, Scope scope, Reader reader) throws IOException {
    Optional<String> next = Optional.of(target);
    while (next.isPresent()) {
      if (!seen.add(next.get()) || seen.size() > MAX_PAGES) {
        throw malformed("its pages lead to one another without an end", null);
      }
      Answer answer = place.send(Call.of("GET", next.get(), scope));
      if (seen.size() == 1 && absent.contains(answer.status())) {
        answer.close();
        return false;
      }
      if (answer.status() != 200) {
        throw place.failure(object, answer);
      }
      try (answer) {
        byte[] bytes = answer.bytes(MAX_BYTES);
        if (bytes.length > MAX_BYTES) {
          throw new ImageException(
              Kind.LIMIT_EXCEEDED,
              "registry %s answers with more than %d bytes about %s"
                  .formatted(place.endpoint().host(), MAX_BYTES, object));
        }
        reader.read(JsonCursor.read("", bytes, Limits.CONFIG), answer);
        next = next(answer);
      } catch (SpecException e) {
        throw malformed(e.getMessage().replaceFirst("^: ", ""), e);
      }
    }
    return true;
  }

  private Optional<String> next(Answer answer) throws IOException {
    for (String link : answer.all("Link")) {
      Matcher matcher = NEXT.matcher(link);
      if (matcher.lookingAt()) {
        URI to = Redirects.target(answer.from(), matcher.group(1), false);
        if (!Redirects.sameOrigin(answer.from(), to)) {
          throw malformed("its next page is at another host", null);
        }
        return Optional.of(to.toString());
      }
    }
    return Optional.empty();
  }

  private ImageException malformed(String reason, Throwable cause) {
    return new ImageException(
        Kind.MALFORMED,
        "invalid answer of registry %s about %s: %s"
            .formatted(place.endpoint().host(), object, reason),
        cause);
  }

  /** Refuses lists that are too long to be true. */
  static <T> void add(List<T> to, List<T> more, int most, String what) {
    if (to.size() + more.size() > most) {
      throw new SpecException("more than " + most + " " + what);
    }
    to.addAll(more);
  }
}
