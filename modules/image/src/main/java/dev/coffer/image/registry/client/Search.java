package dev.coffer.image.registry.client;

import dev.coffer.image.ImageException;
import dev.coffer.image.registry.RegistryAccess;
import dev.coffer.image.registry.auth.Scope;
import dev.coffer.image.registry.config.Endpoint;
import dev.coffer.image.registry.http.Answer;
import dev.coffer.image.registry.http.Messages;
import dev.coffer.spec.SpecException;
import dev.coffer.spec.image.Reference;
import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.Limits;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Looks for repositories: by the first version of Docker's API, which has a search and which Docker
 * Hub and some others still offer, or else in the list of all repositories.
 */
final class Search {
  private static final int MAX_BYTES = 4 << 20;
  private static final String HUB = "docker.io";

  /** Docker Hub searches at another host than it serves images from. */
  private static final String HUB_SEARCH = "https://index.docker.io";

  private static final Set<Integer> ABSENT = Set.of(404, 405, 501);

  private final String domain;
  private final EndpointSession session;
  private final Retries retries;
  private final Places places;
  private final String object;

  Search(String domain, Connections connections, Endpoint endpoint, RegistryAccess access) {
    this.domain = domain;
    this.session = new EndpointSession(connections, endpoint, access);
    this.retries = new Retries(connections);
    this.places = new Places(connections, List.of(endpoint), access);
    this.object = "repositories of registry \"" + domain + "\"";
  }

  List<SearchResult> find(String term, int limit) throws IOException {
    Optional<List<SearchResult>> found = bySearch(term, limit);
    return found.isPresent() ? found.get() : byCatalog(term, limit);
  }

  private Optional<List<SearchResult>> bySearch(String term, int limit) throws IOException {
    try {
      // Beside the API's second version, not below it.
      String base = domain.equals(HUB) ? HUB_SEARCH : session.origin();
      String target =
          base + "/v1/search?q=" + EndpointSession.encode(term) + "&n=" + Math.min(limit, 100);
      Answer answer = retries.send(session, Call.of("GET", target), 2);
      if (ABSENT.contains(answer.status())) {
        answer.close();
        return Optional.empty();
      }
      if (answer.status() != 200) {
        throw Failures.of(session.endpoint(), object, answer);
      }
      try (answer) {
        return Optional.of(results(answer.bytes(MAX_BYTES), limit));
      }
    } catch (SpecException e) {
      throw new ImageException(
          ImageException.Kind.MALFORMED,
          "invalid answer of registry %s about %s: %s"
              .formatted(session.endpoint().host(), object, e.getMessage()),
          e);
    } catch (IOException e) {
      throw Failures.of(session.endpoint(), object, e);
    }
  }

  private List<SearchResult> results(byte[] bytes, int limit) {
    return JsonCursor.read("", bytes, Limits.CONFIG)
        .field("results")
        .list(
            at ->
                new SearchResult(
                    named(Messages.line(at.field("name").string())),
                    Messages.line(at.field("description").stringOrEmpty()),
                    at.field("star_count").orElse(JsonCursor::int64, 0L),
                    at.field("is_official").boolOrFalse()))
        .stream()
        .limit(limit)
        .toList();
  }

  private String named(String path) {
    return domain.equals(HUB) ? path : domain + "/" + path;
  }

  private List<SearchResult> byCatalog(String term, int limit) throws IOException {
    Scope catalog = new Scope("registry", "catalog", Set.of("*"));
    List<SearchResult> found = new ArrayList<>();
    boolean has =
        places.write(
            object,
            place ->
                new Pages(place, object)
                    .read(
                        "/_catalog",
                        Set.of(401, 403, 404, 405, 501),
                        catalog,
                        (page, _) ->
                            page.field("repositories").list(JsonCursor::string).stream()
                                .filter(path -> path.contains(term))
                                .filter(path -> found.size() < limit)
                                .flatMap(path -> valid(path).stream())
                                .forEach(name -> found.add(new SearchResult(name, "", 0, false)))));
    if (!has) {
      throw new ImageException(
          ImageException.Kind.NOT_SUPPORTED,
          "registry \"%s\" offers no search to you".formatted(domain));
    }
    return List.copyOf(found);
  }

  private Optional<String> valid(String path) {
    try {
      return Optional.of(
          new Reference(domain, path, Optional.empty(), Optional.empty()).familiarName());
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
