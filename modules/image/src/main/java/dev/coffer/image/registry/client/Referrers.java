package dev.coffer.image.registry.client;

import dev.coffer.image.ImageException;
import dev.coffer.image.ImageException.Kind;
import dev.coffer.image.registry.RemoteManifest;
import dev.coffer.image.registry.auth.Scope;
import dev.coffer.image.registry.config.Endpoint.Capability;
import dev.coffer.spec.SpecException;
import dev.coffer.spec.image.Descriptor;
import dev.coffer.spec.image.Digest;
import dev.coffer.spec.image.Index;
import dev.coffer.spec.image.MediaTypes;
import dev.coffer.spec.json.Json;
import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.JsonObject;
import dev.coffer.spec.json.Limits;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Manifests that say something about others: by the registry's API, or where it has none, by an
 * index under a tag that is made of the subject's digest.
 *
 * <p>Source: OCI distribution-spec 1.1, "Listing Referrers", "Pushing Manifests with Subject" and
 * "Referrers Tag Schema".
 */
final class Referrers {
  private static final int MOST = 100_000;

  private final Places places;
  private final Manifests manifests;
  private final Naming naming;

  Referrers(Places places, Manifests manifests, Naming naming) {
    this.places = places;
    this.manifests = manifests;
    this.naming = naming;
  }

  /** All that refer to a subject, perhaps of one type alone. */
  Index of(Digest subject, Optional<String> artifactType) throws IOException {
    Optional<List<Descriptor>> known = byApi(subject, artifactType);
    List<Descriptor> found =
        known.isPresent() ? known.get() : byTag(subject).map(Index::manifests).orElse(List.of());
    return Index.of(
        found.stream()
            .filter(it -> artifactType.isEmpty() || it.artifactType().equals(artifactType))
            .toList());
  }

  private Optional<List<Descriptor>> byApi(Digest subject, Optional<String> artifactType)
      throws IOException {
    String object = "referrers of " + subject + " in " + naming.whole();
    String query =
        artifactType.map(type -> "?artifactType=" + EndpointSession.encode(type)).orElse("");
    return places.read(
        Capability.RESOLVE,
        object,
        place -> {
          List<Descriptor> all = new ArrayList<>();
          boolean has =
              new Pages(place, object)
                  .read(
                      place.path("/referrers/" + subject + query),
                      Set.of(404, 405, 501),
                      Scope.pull(place.endpoint().path()),
                      (page, _) -> Pages.add(all, Index.read(page).manifests(), MOST, "referrers"));
          return has ? Optional.of(List.copyOf(all)) : Optional.empty();
        });
  }

  private Optional<Index> byTag(Digest subject) throws IOException {
    try {
      RemoteManifest index = manifests.get(tag(subject));
      return MediaTypes.isIndex(index.descriptor().mediaType())
          ? Optional.of(Index.read(JsonCursor.read("", index.bytes(), Limits.CONFIG)))
          : Optional.empty();
    } catch (ImageException e) {
      if (e.kind() == Kind.NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    } catch (SpecException e) {
      return Optional.empty();
    }
  }

  private static String tag(Digest subject) {
    String hex = subject.hex();
    return subject.algorithm().label() + "-" + hex.substring(0, Math.min(hex.length(), 64));
  }

  /** Notes a stored manifest at its subject, where the registry has not done so itself. */
  void add(Descriptor manifest, byte[] bytes) throws IOException {
    JsonCursor at = JsonCursor.read("", bytes, Limits.CONFIG);
    Optional<Descriptor> subject = at.field("subject").optional(Descriptor::read);
    if (subject.isEmpty()) {
      return;
    }
    Descriptor entry = entry(manifest, at);
    change(
        subject.get().digest(),
        entries -> {
          entries.removeIf(it -> it.digest().equals(entry.digest()));
          entries.add(entry);
        });
  }

  /** The subject of a manifest's bytes. */
  static Optional<Digest> subject(byte[] manifest) {
    try {
      return JsonCursor.read("", manifest, Limits.CONFIG)
          .field("subject")
          .optional(Descriptor::read)
          .map(Descriptor::digest);
    } catch (SpecException e) {
      return Optional.empty();
    }
  }

  /** Forgets a deleted manifest at its subject, where the registry has no API for that. */
  void remove(Digest manifest, Digest subject) throws IOException {
    if (byApi(subject, Optional.empty()).isEmpty() && byTag(subject).isPresent()) {
      change(subject, entries -> entries.removeIf(it -> it.digest().equals(manifest)));
    }
  }

  private interface Change {
    void apply(List<Descriptor> entries);
  }

  private void change(Digest subject, Change change) throws IOException {
    Index old = byTag(subject).orElse(Index.of(List.of()));
    List<Descriptor> entries = new ArrayList<>(old.manifests());
    change.apply(entries);
    if (!entries.equals(old.manifests())) {
      Index changed = new Index(MediaTypes.OCI_INDEX, entries, old.annotations(), old.unknown());
      boolean ignored =
          manifests.put(tag(subject), MediaTypes.OCI_INDEX, Json.bytes(changed.write()));
    }
  }

  /** What an artifact is: its own word, or the type of its config. */
  private static Descriptor entry(Descriptor manifest, JsonCursor at) {
    Optional<String> type =
        at.field("artifactType")
            .nonEmpty()
            .or(() -> at.field("config").field("mediaType").nonEmpty());
    Map<String, String> annotations = at.field("annotations").map(JsonCursor::string);
    return new Descriptor(
        manifest.mediaType(),
        manifest.digest(),
        manifest.size(),
        annotations,
        Optional.empty(),
        type,
        JsonObject.EMPTY);
  }
}
