package dev.coffer.image.archive;

import dev.coffer.image.ImageException;
import dev.coffer.image.ImageException.Kind;
import dev.coffer.image.content.ContentStore;
import dev.coffer.image.stream.Compression;
import dev.coffer.spec.image.Descriptor;
import dev.coffer.spec.image.ImageConfig;
import dev.coffer.spec.image.Manifest;
import dev.coffer.spec.image.MediaTypes;
import dev.coffer.spec.image.Platform;
import dev.coffer.spec.image.Reference;
import dev.coffer.spec.json.Json;
import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.Limits;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code docker save} wrote before it wrote image layouts, and {@code podman save} still does:
 * a manifest.json with the names of config and layer files. The manifest that registries know is
 * not in it, so one is made.
 *
 * <p>Source: Docker image specification v1.2, "Combined Image JSON + Filesystem Changeset Format".
 */
final class DockerArchive {
  private static final Pattern CONFIG_NAME = Pattern.compile("(?:.*/)?([0-9a-f]{64})(?:\\.json)?");
  private static final int MAX_LAYERS = 1000;

  private final ArchiveFiles files;
  private final ContentStore content;
  private final Optional<Platform> platform;

  DockerArchive(ArchiveFiles files, ContentStore content, Optional<Platform> platform) {
    this.files = files;
    this.content = content;
    this.platform = platform;
  }

  private record Entry(String config, List<String> names, List<String> layers) {
    static Entry read(JsonCursor at) {
      return new Entry(
          at.field("Config").string(),
          at.field("RepoTags").list(JsonCursor::string),
          at.field("Layers").list(JsonCursor::string));
    }
  }

  List<LoadedTarget> load(byte[] manifestJson) throws IOException {
    JsonCursor root = JsonCursor.read("manifest.json", manifestJson, Limits.CONFIG);
    List<LoadedTarget> targets = new ArrayList<>();
    for (Entry entry : root.list(Entry::read)) {
      targets.add(load(entry));
    }
    if (targets.isEmpty()) {
      throw malformed("manifest.json lists nothing");
    }
    return targets;
  }

  private LoadedTarget load(Entry entry) throws IOException {
    StoredBlob config =
        files
            .store(entry.config, Optional.empty())
            .orElseThrow(() -> malformed("\"" + entry.config + "\" is missing"));
    Matcher name = CONFIG_NAME.matcher(entry.config);
    if (name.matches() && !name.group(1).equals(config.digest().hex())) {
      throw new ImageException(
          Kind.DIGEST_MISMATCH,
          "digest mismatch: config \"%s\" has the digest %s"
              .formatted(entry.config, config.digest()));
    }
    byte[] json = content.read(config.digest(), ArchiveLoader.MAX_DOCUMENT);
    ImageConfig parsed = ImageConfig.read(JsonCursor.read(entry.config, json, Limits.CONFIG));
    if (platform.isPresent() && !platform.get().matches(parsed.platform())) {
      throw new ImageException(
          Kind.NO_SUCH_PLATFORM,
          "no image for platform %s in the archive: it has %s"
              .formatted(platform.get(), parsed.platform()));
    }
    if (entry.layers.size() > MAX_LAYERS) {
      throw new ImageException(
          Kind.LIMIT_EXCEEDED, "archive exceeds its limits: more than " + MAX_LAYERS + " layers");
    }
    List<Descriptor> layers = new ArrayList<>();
    for (String layer : entry.layers) {
      layers.add(layer(layer));
    }
    Descriptor configDescriptor =
        Descriptor.of(MediaTypes.OCI_CONFIG, config.digest(), config.size());
    byte[] manifest = Json.bytes(Manifest.of(configDescriptor, layers).write());
    Descriptor target =
        Descriptor.of(MediaTypes.OCI_MANIFEST, content.put(manifest), manifest.length);
    return new LoadedTarget(target, names(entry.names));
  }

  private Descriptor layer(String name) throws IOException {
    StoredBlob blob =
        files
            .store(name, Optional.empty())
            .orElseThrow(() -> malformed("\"" + name + "\" is missing"));
    try (InputStream in = content.open(blob.digest())) {
      String mediaType =
          switch (Compression.detect(in.readNBytes(6))) {
            case NONE -> MediaTypes.OCI_LAYER;
            case GZIP -> MediaTypes.OCI_LAYER_GZIP;
            case ZSTD -> MediaTypes.OCI_LAYER_ZSTD;
          };
      return Descriptor.of(mediaType, blob.digest(), blob.size());
    }
  }

  private static List<Reference> names(List<String> tags) throws ImageException {
    List<Reference> names = new ArrayList<>();
    for (String tag : tags) {
      try {
        names.add(Reference.parse(tag).orLatest());
      } catch (IllegalArgumentException e) {
        throw malformed(e.getMessage());
      }
    }
    return names;
  }

  private static ImageException malformed(String cause) {
    return new ImageException(Kind.MALFORMED, "malformed docker-archive: " + cause);
  }
}
