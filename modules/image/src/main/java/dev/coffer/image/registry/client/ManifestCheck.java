package dev.coffer.image.registry.client;

import dev.coffer.image.ImageException;
import dev.coffer.image.ImageException.Kind;
import dev.coffer.image.registry.RemoteManifest;
import dev.coffer.image.registry.http.Answer;
import dev.coffer.image.registry.http.Messages;
import dev.coffer.spec.SpecException;
import dev.coffer.spec.image.Descriptor;
import dev.coffer.spec.image.Digest;
import dev.coffer.spec.image.MediaTypes;
import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.Limits;
import java.util.List;
import java.util.Optional;

/**
 * Makes sure that a manifest is what it says it is, before anybody reads it.
 *
 * <p>Source: OCI distribution-spec 1.1, "Pulling manifests"; the confusion of manifests and indexes
 * is CVE-2021-41190.
 */
final class ManifestCheck {
  static final int MAX_BYTES = 4 << 20;

  static final String ACCEPT =
      String.join(
          ", ",
          List.of(
              MediaTypes.OCI_INDEX,
              MediaTypes.OCI_MANIFEST,
              MediaTypes.DOCKER_INDEX,
              MediaTypes.DOCKER_MANIFEST,
              "*/*;q=0.5"));

  private final String object;
  private final String host;

  /**
   * Checks what a registry sent.
   *
   * @param object what was asked for, for messages
   * @param host who sent it
   */
  ManifestCheck(String object, String host) {
    this.object = object;
    this.host = host;
  }

  /** The manifest that an answer holds. */
  RemoteManifest check(Answer answer, byte[] bytes, Optional<Digest> wanted) throws ImageException {
    if (bytes.length > MAX_BYTES) {
      throw failure(Kind.LIMIT_EXCEEDED, "larger than " + MAX_BYTES + " bytes");
    }
    Digest digest = digest(bytes, wanted, answer.header("Docker-Content-Digest"));
    String type = mediaType(contentType(answer), bytes);
    return new RemoteManifest(Descriptor.of(type, digest, bytes.length), bytes);
  }

  private Digest digest(byte[] bytes, Optional<Digest> wanted, Optional<String> header)
      throws ImageException {
    // A digest of an algorithm that Coffer does not know proves nothing and is no error.
    Optional<Digest> promised = wanted.or(() -> header.flatMap(ManifestCheck::parse));
    Digest.Algorithm algorithm = promised.map(Digest::algorithm).orElse(Digest.Algorithm.SHA256);
    Digest actual = Digest.of(algorithm, bytes);
    if (promised.isPresent() && !promised.get().equals(actual)) {
      throw failure(
          Kind.DIGEST_MISMATCH,
          "its bytes have digest %s instead of %s".formatted(actual, promised.get()));
    }
    return actual;
  }

  /** A digest of a known algorithm; empty for any other text. */
  static Optional<Digest> parse(String text) {
    try {
      return Optional.of(Digest.parse(text.strip()));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** The type without parameters; empty where the registry gives one that says nothing. */
  static Optional<String> contentType(Answer answer) {
    return answer
        .header("Content-Type")
        .map(value -> value.replaceFirst(";.*", "").strip())
        .filter(value -> value.contains("vnd."));
  }

  private String mediaType(Optional<String> sent, byte[] bytes) throws ImageException {
    refuseSchema1(sent.map(MediaTypes::isSchema1).orElse(false));
    JsonCursor at = parse(bytes);
    try {
      Optional<String> own = at.field("mediaType").nonEmpty();
      boolean old =
          own.isEmpty()
              && at.field("schemaVersion").optional(version -> version.integer(1, 2)).orElse(2L)
                  == 1;
      refuseSchema1(old || own.map(MediaTypes::isSchema1).orElse(false));
      if (own.isPresent() && sent.isPresent() && !own.equals(sent)) {
        throw failure(
            Kind.MALFORMED,
            "it was sent as \"%s\" and says that it is \"%s\""
                .formatted(Messages.line(sent.get()), Messages.line(own.get())));
      }
      boolean lists = at.field("manifests").isPresent();
      boolean holds = at.field("layers").isPresent() || at.field("config").isPresent();
      String type =
          own.or(() -> sent).orElse(lists ? MediaTypes.OCI_INDEX : MediaTypes.OCI_MANIFEST);
      boolean confused =
          (lists && holds)
              || (MediaTypes.isIndex(type) && holds)
              || (MediaTypes.isManifest(type) && lists);
      if (confused) {
        throw failure(Kind.MALFORMED, "it is a manifest and an index at once");
      }
      return type;
    } catch (SpecException e) {
      throw failure(Kind.MALFORMED, e.getMessage());
    }
  }

  private JsonCursor parse(byte[] bytes) throws ImageException {
    try {
      JsonCursor at = JsonCursor.read("", bytes, Limits.CONFIG);
      at.object();
      return at;
    } catch (SpecException e) {
      throw failure(Kind.MALFORMED, e.getMessage().replaceFirst("^: ", ""));
    }
  }

  private void refuseSchema1(boolean old) throws ImageException {
    if (old) {
      throw failure(
          Kind.NOT_SUPPORTED,
          "it has the format of 2014, schema 1, that no current tool writes (push the image again with one)");
    }
  }

  private ImageException failure(Kind kind, String reason) {
    return new ImageException(
        kind, "invalid answer of registry %s for %s: %s".formatted(host, object, reason));
  }
}
