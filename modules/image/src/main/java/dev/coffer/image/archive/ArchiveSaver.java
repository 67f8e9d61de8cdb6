package dev.coffer.image.archive;

import dev.coffer.image.content.ContentStore;
import dev.coffer.image.tar.TarWriter;
import dev.coffer.spec.image.Descriptor;
import dev.coffer.spec.image.Digest;
import dev.coffer.spec.image.Index;
import dev.coffer.spec.image.Manifest;
import dev.coffer.spec.image.Reference;
import dev.coffer.spec.json.Json;
import dev.coffer.spec.json.JsonArray;
import dev.coffer.spec.json.JsonObject;
import dev.coffer.spec.json.JsonValue;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Writes images as one tar that is an OCI image layout (index.json) and a docker-archive
 * (manifest.json) at once, the two sharing their blobs, as {@code docker save} has done since
 * version 25. The same images give the same bytes.
 */
public final class ArchiveSaver {
  private static final String FULL_NAME = "io.containerd.image.name";
  private static final String TAG = "org.opencontainers.image.ref.name";

  /**
   * An image or index to save.
   *
   * @param target what a name points at
   * @param names its names; may be empty
   * @param label what the layout calls it, in the words of its user and instead of the names
   * @param blobs all blobs to write for it, the target's own included
   * @param image the manifest that readers of docker-archives shall see; empty for an artifact
   */
  public record Item(
      Descriptor target,
      List<Reference> names,
      Optional<String> label,
      Set<Digest> blobs,
      Optional<Manifest> image) {
    public Item {
      names = List.copyOf(names);
      blobs = Set.copyOf(blobs);
    }
  }

  private final ContentStore content;

  public ArchiveSaver(ContentStore content) {
    this.content = content;
  }

  /** Writes the archive; {@code out} is flushed and not closed. */
  public void save(List<Item> items, OutputStream out) throws IOException {
    SortedSet<Digest> blobs = new TreeSet<>();
    items.forEach(item -> blobs.addAll(item.blobs));
    try (TarWriter tar = new TarWriter(out, Instant.EPOCH)) {
      tar.directory("blobs", 0755);
      Digest.Algorithm last = null;
      for (Digest blob : blobs) {
        if (blob.algorithm() != last) {
          last = blob.algorithm();
          tar.directory("blobs/" + last.label(), 0755);
        }
        long size = content.size(blob).orElse(0L);
        try (InputStream in = content.open(blob)) {
          tar.file(path(blob), 0644, size, in);
        }
      }
      tar.file("index.json", 0644, Json.bytes(index(items)));
      tar.file("manifest.json", 0644, Json.bytes(manifest(items)));
      tar.file(
          "oci-layout",
          0644,
          "{\"imageLayoutVersion\":\"1.0.0\"}".getBytes(StandardCharsets.UTF_8));
    }
  }

  private static JsonObject index(List<Item> items) {
    List<Descriptor> entries = new ArrayList<>();
    for (Item item : items) {
      if (item.label.isPresent()) {
        entries.add(item.target.withAnnotations(Map.of(TAG, item.label.get())));
      } else if (item.names.isEmpty()) {
        entries.add(item.target);
      }
      for (Reference name : item.names) {
        Map<String, String> annotations = new LinkedHashMap<>(item.target.annotations());
        annotations.put(FULL_NAME, name.toString());
        name.tag().ifPresent(tag -> annotations.put(TAG, tag));
        entries.add(item.target.withAnnotations(annotations));
      }
    }
    return Index.of(entries).write();
  }

  private static JsonArray manifest(List<Item> items) {
    List<JsonValue> entries = new ArrayList<>();
    for (Item item : items) {
      if (item.image.isEmpty()) {
        continue;
      }
      Manifest image = item.image.get();
      List<String> tags =
          item.names.stream()
              .filter(name -> name.tag().isPresent())
              .map(name -> name.familiarName() + ":" + name.tag().orElseThrow())
              .toList();
      entries.add(
          JsonObject.builder()
              .put("Config", path(image.config().digest()))
              .putStrings("RepoTags", tags)
              .putStrings(
                  "Layers", image.layers().stream().map(layer -> path(layer.digest())).toList())
              .build());
    }
    return new JsonArray(entries);
  }

  private static String path(Digest digest) {
    return "blobs/" + digest.algorithm().label() + "/" + digest.hex();
  }
}
