package dev.coffer.image.registry.client;

import dev.coffer.image.ImageException;
import dev.coffer.image.ImageException.Kind;
import dev.coffer.image.registry.BlobBody;
import dev.coffer.image.registry.auth.Scope;
import dev.coffer.image.registry.client.Places.Place;
import dev.coffer.image.registry.config.Endpoint.Capability;
import dev.coffer.image.registry.config.Transport;
import dev.coffer.image.registry.http.Answer;
import dev.coffer.spec.SpecException;
import dev.coffer.spec.image.Descriptor;
import dev.coffer.spec.image.Digest;
import dev.coffer.spec.json.JsonCursor;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Blobs of one repository, but for their upload. */
final class Blobs {
  private static final Pattern CONTENT_RANGE =
      Pattern.compile("bytes ([0-9]{1,18})-([0-9]{1,18})/([0-9]{1,18}|\\*)");

  private final Places places;
  private final Naming naming;

  /** The mirrors that have sent of a blob, for when it proves wrong. */
  private final Map<Digest, Set<Place>> mirrors = new ConcurrentHashMap<>();

  Blobs(Places places, Naming naming) {
    this.places = places;
    this.naming = naming;
  }

  BlobBody open(Descriptor blob, long offset, long length) throws IOException {
    String object = naming.blob(blob.digest());
    if (offset < 0 || length < 0 || offset > blob.size()) {
      throw new ImageException(
          Kind.INVALID_REQUEST, "cannot read %s from byte %d".formatted(object, offset));
    }
    long end = length > blob.size() - offset ? blob.size() : offset + length;
    return places.read(
        Capability.PULL,
        object,
        place -> {
          BlobBody body = open(place, new Wanted(blob, offset, end, object));
          if (place.endpoint().mirror()) {
            boolean _ =
                mirrors
                    .computeIfAbsent(blob.digest(), _ -> ConcurrentHashMap.newKeySet())
                    .add(place);
          }
          return body;
        });
  }

  /** Passes by for a while who has sent of a blob; whether anybody else is left. */
  boolean distrust(Digest blob) {
    Set<Place> senders = mirrors.remove(blob);
    if (senders == null) {
      return false;
    }
    senders.forEach(Place::avoid);
    return true;
  }

  /** Bytes of a blob, from the first to before the end. */
  private record Wanted(Descriptor blob, long offset, long end, String object) {
    boolean isPart() {
      return offset > 0 || end < blob.size();
    }
  }

  private static BlobBody open(Place place, Wanted wanted) throws IOException {
    Call call =
        ranged(
            Call.of(
                "GET",
                place.path("/blobs/" + wanted.blob().digest()),
                Scope.pull(place.endpoint().path())),
            wanted);
    Answer answer = place.send(call);
    if (answer.status() == 404) {
      for (String url : foreignUrls(place, wanted.blob())) {
        Answer foreign = place.send(ranged(Call.of("GET", url), wanted));
        if (foreign.status() == 200 || foreign.status() == 206) {
          answer.close();
          return body(place, wanted, foreign);
        }
        foreign.close();
      }
    }
    return body(place, wanted, answer);
  }

  private static Call ranged(Call call, Wanted wanted) {
    Call plain = call.with("Accept-Encoding", "identity");
    return wanted.isPart() && wanted.end() > wanted.offset()
        ? plain.with("Range", "bytes=%d-%d".formatted(wanted.offset(), wanted.end() - 1))
        : plain;
  }

  /**
   * Where else a layer may be that registries are not to distribute. Only such layers: for any
   * other, an address would be a way to make this host ask whatever a stranger names.
   */
  private static List<String> foreignUrls(Place place, Descriptor blob) {
    String type = blob.mediaType();
    if (!type.contains(".foreign.") && !type.contains(".nondistributable.")) {
      return List.of();
    }
    boolean plain = place.endpoint().transport() != Transport.TLS;
    try {
      return JsonCursor.of("", blob.unknown()).field("urls").list(JsonCursor::string).stream()
          .filter(url -> url.matches(plain ? "https?://[!-~]+" : "https://[!-~]+"))
          .limit(8)
          .toList();
    } catch (SpecException e) {
      return List.of();
    }
  }

  private static BlobBody body(Place place, Wanted wanted, Answer answer) throws IOException {
    String host = answer.from().getRawAuthority();
    return switch (answer.status()) {
      case 200 -> {
        if (place.endpoint().mirror()) {
          requireSize(host, wanted, answer);
        }
        yield body(place, wanted, answer, 0);
      }
      case 206 -> {
        Optional<String> range = answer.header("Content-Range");
        if (!matches(range, wanted)) {
          answer.close();
          throw new ImageException(
              Kind.MALFORMED,
              "invalid answer of registry %s for %s: it has other bytes than those asked for"
                  .formatted(host, wanted.object()));
        }
        yield body(place, wanted, answer, wanted.offset());
      }
      case 416 -> {
        answer.close();
        throw new ImageException(
            Kind.MALFORMED,
            "registry %s has no bytes from %d on of %s, although it has %d"
                .formatted(host, wanted.offset(), wanted.object(), wanted.blob().size()));
      }
      default -> throw place.failure(wanted.object(), answer);
    };
  }

  private static BlobBody body(Place place, Wanted wanted, Answer answer, long from) {
    String host = answer.from().getRawAuthority();
    return new BlobBody(
        from,
        host,
        new BlobStream(answer.body(), wanted.end() - from, place, wanted.object(), host));
  }

  /**
   * Of a mirror, something of another length is something else: a page for people, or another blob.
   * Of the registry itself, there is nobody else to ask, and what comes is read and verified.
   */
  private static void requireSize(String host, Wanted wanted, Answer answer) throws ImageException {
    long size = wanted.blob().size();
    OptionalLong sent = answer.headers().firstValueAsLong("Content-Length");
    boolean packed = answer.header("Content-Encoding").isPresent();
    if (!packed && sent.isPresent() && sent.getAsLong() != size) {
      answer.close();
      throw new ImageException(
          Kind.MALFORMED,
          "invalid answer of registry %s for %s: it has %d bytes instead of %d"
              .formatted(host, wanted.object(), sent.getAsLong(), size));
    }
  }

  /** The first byte must be the one asked for, and there may be no more than were asked for. */
  private static boolean matches(Optional<String> field, Wanted wanted) {
    Matcher range = CONTENT_RANGE.matcher(field.orElse("").strip());
    return range.matches()
        && Long.parseLong(range.group(1)) == wanted.offset()
        && Long.parseLong(range.group(2)) == wanted.end() - 1
        && (range.group(3).equals("*") || Long.parseLong(range.group(3)) == wanted.blob().size());
  }

  boolean has(Digest blob) throws IOException {
    String object = naming.blob(blob);
    return places.write(
        object,
        place -> {
          Call call =
              Call.of("HEAD", place.path("/blobs/" + blob), Scope.push(place.endpoint().path()));
          Answer answer = place.send(call);
          if (answer.status() != 200 && answer.status() != 404) {
            throw place.failure(object, answer);
          }
          answer.close();
          return answer.status() == 200;
        });
  }

  void delete(Digest blob) throws IOException {
    String object = naming.blob(blob);
    places.write(
        object,
        place -> {
          Call call =
              Call.of(
                  "DELETE", place.path("/blobs/" + blob), Scope.delete(place.endpoint().path()));
          Answer answer = place.send(call);
          if (!answer.isSuccess()) {
            throw place.failure(object, answer);
          }
          answer.close();
          return true;
        });
  }
}
