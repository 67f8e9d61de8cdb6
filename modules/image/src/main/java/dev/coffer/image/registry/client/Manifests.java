package dev.coffer.image.registry.client;

import dev.coffer.image.ImageException;
import dev.coffer.image.ImageException.Kind;
import dev.coffer.image.registry.RemoteManifest;
import dev.coffer.image.registry.auth.Scope;
import dev.coffer.image.registry.client.Places.Place;
import dev.coffer.image.registry.config.Endpoint.Capability;
import dev.coffer.image.registry.http.Answer;
import dev.coffer.spec.image.Descriptor;
import dev.coffer.spec.image.Digest;
import java.io.IOException;
import java.util.Optional;

/** Manifests of one repository. */
final class Manifests {
  private final Places places;
  private final Naming naming;

  Manifests(Places places, Naming naming) {
    this.places = places;
    this.naming = naming;
  }

  RemoteManifest get(String tagOrDigest) throws IOException {
    Optional<Digest> digest = naming.digest(tagOrDigest);
    String object = naming.manifest(tagOrDigest);
    return places.read(
        capability(digest), object, place -> get(place, tagOrDigest, digest, object));
  }

  private static Capability capability(Optional<Digest> digest) {
    return digest.isPresent() ? Capability.PULL : Capability.RESOLVE;
  }

  private static RemoteManifest get(
      Place place, String reference, Optional<Digest> digest, String object) throws IOException {
    Answer answer = place.send(call("GET", place, reference));
    if (answer.status() != 200) {
      throw place.failure(object, answer);
    }
    try (answer) {
      return new ManifestCheck(object, answer.from().getRawAuthority())
          .check(answer, answer.bytes(ManifestCheck.MAX_BYTES), digest);
    }
  }

  private static Call call(String method, Place place, String reference) {
    return Call.of(
            method, place.path("/manifests/" + reference), Scope.pull(place.endpoint().path()))
        .with("Accept", ManifestCheck.ACCEPT);
  }

  Optional<Descriptor> find(String tagOrDigest) throws IOException {
    Optional<Digest> digest = naming.digest(tagOrDigest);
    String object = naming.manifest(tagOrDigest);
    try {
      return Optional.of(
          places.read(
              capability(digest), object, place -> head(place, tagOrDigest, digest, object)));
    } catch (ImageException e) {
      if (e.kind() == Kind.NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static Descriptor head(
      Place place, String reference, Optional<Digest> digest, String object) throws IOException {
    try (Answer answer = place.send(call("HEAD", place, reference))) {
      if (answer.status() != 200) {
        throw place.failure(object, answer);
      }
      Optional<Digest> sent = answer.header("Docker-Content-Digest").flatMap(ManifestCheck::parse);
      Optional<Long> size =
          answer
              .header("Content-Length")
              .filter(text -> text.matches("[1-9][0-9]{0,9}"))
              .map(Long::parseLong);
      Optional<String> type = ManifestCheck.contentType(answer);
      if (sent.isPresent() && size.isPresent() && type.isPresent()) {
        checkSame(place, object, digest, sent.get());
        return Descriptor.of(type.get(), digest.orElse(sent.get()), size.get());
      }
    }
    // An old registry that leaves out what a HEAD is for.
    return get(place, reference, digest, object).descriptor();
  }

  private static void checkSame(Place place, String object, Optional<Digest> wanted, Digest sent)
      throws ImageException {
    boolean comparable =
        wanted.filter(digest -> digest.algorithm() == sent.algorithm()).isPresent();
    if (comparable && !wanted.get().equals(sent)) {
      throw new ImageException(
          Kind.DIGEST_MISMATCH,
          "invalid answer of registry %s for %s: it has digest %s"
              .formatted(place.endpoint().host(), object, sent));
    }
  }

  /**
   * Stores a manifest.
   *
   * @return whether the registry said that it has noted the manifest's subject
   */
  boolean put(String tagOrDigest, String mediaType, byte[] manifest) throws IOException {
    String object = naming.manifest(tagOrDigest);
    Optional<Digest> wanted = naming.digest(tagOrDigest);
    Digest.Algorithm algorithm = wanted.map(Digest::algorithm).orElse(Digest.Algorithm.SHA256);
    Digest own = Digest.of(algorithm, manifest);
    if (wanted.isPresent() && !wanted.get().equals(own)) {
      throw new ImageException(
          Kind.DIGEST_MISMATCH, "cannot store %s: its bytes have digest %s".formatted(object, own));
    }
    return places.write(
        object,
        place -> {
          Call call =
              Call.of(
                      "PUT",
                      place.path("/manifests/" + tagOrDigest),
                      Scope.push(place.endpoint().path()))
                  .sending(mediaType, new Bytes(manifest));
          Answer answer = place.send(call);
          if (!answer.isSuccess()) {
            throw place.failure(object, answer);
          }
          try (answer) {
            Optional<Digest> stored =
                answer.header("Docker-Content-Digest").flatMap(ManifestCheck::parse);
            checkSame(place, object, Optional.of(own), stored.orElse(own));
            return answer.header("OCI-Subject").isPresent();
          }
        });
  }

  void delete(String tagOrDigest) throws IOException {
    Optional<Digest> digest = naming.digest(tagOrDigest);
    String object = naming.manifest(tagOrDigest);
    places.write(
        object,
        place -> {
          Call call =
              Call.of(
                  "DELETE",
                  place.path("/manifests/" + tagOrDigest),
                  Scope.delete(place.endpoint().path()));
          Answer answer = place.send(call);
          if ((answer.status() == 400 && digest.isEmpty()) || answer.status() == 405) {
            try (answer) {
              throw new ImageException(
                  Kind.NOT_SUPPORTED,
                  "registry %s does not delete %s"
                      .formatted(
                          place.endpoint().host(),
                          digest.isPresent() ? "manifests" : "tags (delete by digest)"));
            }
          }
          if (!answer.isSuccess()) {
            throw place.failure(object, answer);
          }
          answer.close();
          return true;
        });
  }
}
