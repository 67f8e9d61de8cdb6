package dev.coffer.image.registry.client;

import dev.coffer.image.ImageException;
import dev.coffer.image.ImageException.Kind;
import dev.coffer.image.registry.BlobContent;
import dev.coffer.image.registry.auth.Scope;
import dev.coffer.image.registry.client.Places.Place;
import dev.coffer.image.registry.config.Transport;
import dev.coffer.image.registry.http.Answer;
import dev.coffer.spec.image.Descriptor;
import dev.coffer.spec.image.Digest;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The upload of one blob to one registry.
 *
 * <pre>
 *   POST …/blobs/uploads/  ─► 202, Location
 *   PUT  Location?digest=… ─► 201                        all at once
 *        broke off? GET Location ─► Range: 0-N           how far it came
 *   PATCH Location, from N + 1 ─► 202, Location          the rest, or chunk by chunk
 *   PUT  Location?digest=… ─► 201
 * </pre>
 *
 * <p>Source: OCI distribution-spec 1.1, "Pushing blobs".
 */
final class BlobUpload {
  private static final String BYTES = "application/octet-stream";
  private static final Pattern RANGE = Pattern.compile("(?:bytes=)?0-([0-9]{1,18})");

  /** Small enough for the proxies that refuse large requests. */
  private static final long CHUNK = 16L << 20;

  private static final long MAX_CHUNK = 1L << 30;

  /** What a registry, or a proxy before it, says that wants smaller pieces. */
  private static final Set<Integer> WANTS_CHUNKS = Set.of(405, 411, 413, 415, 501);

  private final Place place;
  private final Descriptor blob;
  private final BlobContent content;
  private final String object;
  private final Scope scope;

  private String location = "";
  private long offset;
  private long leastChunk;
  private boolean chunked;

  BlobUpload(Place place, Descriptor blob, BlobContent content, String object) {
    this.place = place;
    this.blob = blob;
    this.content = content;
    this.object = object;
    this.scope = Scope.push(place.endpoint().path());
  }

  void run() throws IOException {
    int failures = 0;
    long reached = 0;
    begin();
    while (true) {
      try {
        if (attempt()) {
          return;
        }
      } catch (ImageException | InterruptedIOException e) {
        cancel();
        throw e;
      } catch (IOException e) {
        failures = offset > reached ? 1 : failures + 1;
        reached = Math.max(reached, offset);
        if (failures >= place.attempts()) {
          cancel();
          throw e;
        }
        place.pause(failures);
        resume();
      }
    }
  }

  private void begin() throws IOException {
    Digest.Algorithm algorithm = blob.digest().algorithm();
    String query =
        algorithm == Digest.Algorithm.SHA256 ? "" : "?digest-algorithm=" + algorithm.label();
    try (Answer answer =
        place.send(Call.of("POST", place.path("/blobs/uploads/" + query), scope))) {
      if (answer.status() != 202) {
        throw place.failure(object, answer);
      }
      offset = 0;
      leastChunk =
          answer
              .header("OCI-Chunk-Min-Length")
              .filter(text -> text.matches("[0-9]{1,12}"))
              .map(Long::parseLong)
              .orElse(0L);
      moveTo(answer);
    }
  }

  /** Goes on as far as it goes; false when the way has changed and it must go on. */
  private boolean attempt() throws IOException {
    if (offset == 0 && !chunked) {
      return wholeAtOnce();
    }
    while (offset < blob.size()) {
      if (!patch()) {
        return false;
      }
    }
    finish(new Slice(content, offset, 0));
    return true;
  }

  private boolean wholeAtOnce() throws IOException {
    Call call = Call.of("PUT", closing(), scope).sending(BYTES, new Slice(content, 0, blob.size()));
    Answer answer = place.sendOnce(call);
    if (WANTS_CHUNKS.contains(answer.status()) && blob.size() > 0) {
      answer.close();
      cancel();
      chunked = true;
      begin();
      return false;
    }
    return done(answer);
  }

  private boolean patch() throws IOException {
    long length = Math.min(chunk(), blob.size() - offset);
    Call call =
        Call.of("PATCH", location, scope)
            .sending(BYTES, new Slice(content, offset, length))
            .with("Content-Range", "%d-%d".formatted(offset, offset + length - 1));
    Answer answer = place.sendOnce(call);
    if (answer.status() == 413 && !chunked) {
      answer.close();
      chunked = true;
      return false;
    }
    refuseForNow(answer);
    if (!answer.isSuccess()) {
      throw place.failure(object, answer);
    }
    try (answer) {
      moveTo(answer);
      long before = offset;
      offset = received(answer).filter(end -> end <= blob.size()).orElse(offset + length);
      if (offset <= before) {
        throw new IOException("it has no more than %d bytes after each part".formatted(offset));
      }
    }
    return true;
  }

  private long chunk() {
    long wanted = chunked ? CHUNK : MAX_CHUNK;
    return Math.min(Math.max(wanted, leastChunk), MAX_CHUNK);
  }

  private void finish(Slice rest) throws IOException {
    boolean ignored = done(place.sendOnce(Call.of("PUT", closing(), scope).sending(BYTES, rest)));
  }

  private boolean done(Answer answer) throws IOException {
    refuseForNow(answer);
    if (!answer.isSuccess()) {
      throw place.failure(object, answer);
    }
    try (answer) {
      Optional<Digest> stored =
          answer.header("Docker-Content-Digest").flatMap(ManifestCheck::parse);
      boolean other =
          stored
              .filter(it -> it.algorithm() == blob.digest().algorithm())
              .filter(it -> !it.equals(blob.digest()))
              .isPresent();
      if (other) {
        throw new ImageException(
            Kind.DIGEST_MISMATCH,
            "registry %s stored %s as %s"
                .formatted(place.endpoint().host(), object, stored.orElseThrow()));
      }
      return true;
    }
  }

  /**
   * A failure that may pass, and another idea of how much has come, are failures of the
   * connection's kind: the upload goes on from where the registry says, a few times.
   */
  private static void refuseForNow(Answer answer) throws IOException {
    if (Retries.mayPass(answer.status()) || answer.status() == 416) {
      answer.close();
      throw new IOException("it answers with status " + answer.status());
    }
  }

  /** Asks how far the upload came; begins again when the registry does not know. */
  private void resume() throws IOException {
    try (Answer answer = place.send(Call.of("GET", location, scope))) {
      Optional<Long> end = received(answer);
      if (answer.isSuccess() && end.isPresent() && end.get() <= blob.size()) {
        offset = end.get();
        if (answer.header("Location").isPresent()) {
          moveTo(answer);
        }
        return;
      }
    }
    begin();
  }

  /**
   * How many bytes are there. Some registries say {@code 0-0} for none, so that one byte is never
   * believed.
   */
  private static Optional<Long> received(Answer answer) {
    return answer
        .header("Range")
        .map(RANGE::matcher)
        .filter(Matcher::matches)
        .map(range -> Long.parseLong(range.group(1)))
        .map(last -> last == 0 ? 0 : last + 1);
  }

  private void moveTo(Answer answer) throws IOException {
    String text =
        answer
            .header("Location")
            .orElseThrow(
                () ->
                    new ImageException(
                        Kind.MALFORMED,
                        "registry %s does not say where to upload %s"
                            .formatted(place.endpoint().host(), object)));
    try {
      URI to = Redirects.target(answer.from(), text, place.endpoint().transport() != Transport.TLS);
      location = to.toString();
    } catch (IOException e) {
      throw new ImageException(
          Kind.MALFORMED,
          "registry %s names no place to upload %s to: %s"
              .formatted(place.endpoint().host(), object, e.getMessage()),
          e);
    }
  }

  private String closing() {
    return location
        + (location.contains("?") ? "&" : "?")
        + "digest="
        + EndpointSession.encode(blob.digest().toString());
  }

  /** The registry need not keep what will not be gone on with; whether it hears of it or not. */
  private void cancel() {
    try {
      place.sendOnce(Call.of("DELETE", location, scope)).close();
    } catch (IOException e) {
      // Nothing depends on it: registries forget unfinished uploads by themselves.
    }
  }

  /**
   * Asks for a blob that another repository has.
   *
   * @return whether it is here now
   */
  static boolean mount(Place place, Digest blob, String from, String object) throws IOException {
    String path = place.endpoint().path();
    String query =
        "?mount=%s&from=%s"
            .formatted(EndpointSession.encode(blob.toString()), EndpointSession.encode(from));
    Call call =
        Call.of("POST", place.path("/blobs/uploads/" + query), Scope.push(path), Scope.pull(from));
    Answer answer = place.send(call);
    if (answer.status() == 202) {
      // The registry has begun an upload instead.
      BlobUpload begun = new BlobUpload(place, Descriptor.of("", blob, 0), at -> null, object);
      try (answer) {
        begun.moveTo(answer);
      }
      begun.cancel();
      return false;
    }
    if (answer.status() >= 500) {
      throw place.failure(object, answer);
    }
    answer.close();
    return answer.status() == 201;
  }
}
