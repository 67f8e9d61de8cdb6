package dev.coffer.testkit.archive;

import com.github.luben.zstd.Zstd;
import dev.coffer.spec.image.Descriptor;
import dev.coffer.spec.image.Digest;
import dev.coffer.spec.image.Index;
import dev.coffer.spec.image.Manifest;
import dev.coffer.spec.image.MediaTypes;
import dev.coffer.spec.image.Platform;
import dev.coffer.spec.json.Json;
import dev.coffer.spec.json.JsonArray;
import dev.coffer.spec.json.JsonObject;
import dev.coffer.spec.json.JsonValue;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/** Builds an image of given layers, and archives of it. Immutable after {@link #of}. */
public final class ImageBuilder {
  private final Map<String, byte[]> blobs = new LinkedHashMap<>();
  private final List<Descriptor> layers = new ArrayList<>();
  private final byte[] config;
  private final Descriptor manifest;

  private ImageBuilder(Platform platform, Packing packing, List<byte[]> layerTars) {
    List<JsonValue> diffIds = new ArrayList<>();
    for (byte[] tar : layerTars) {
      diffIds.add(JsonValue.of(Digest.ofBytes(tar).toString()));
      layers.add(blob(packing.mediaType, packing.pack(tar)));
    }
    JsonObject json =
        JsonObject.builder()
            .putAll(platform.write())
            .put("created", "2026-02-03T04:05:06.789Z")
            .put("x-unknown", "kept")
            .put("config", JsonObject.builder().putStrings("Cmd", List.of("sh")).build())
            .put(
                "rootfs",
                JsonObject.builder()
                    .put("type", "layers")
                    .put("diff_ids", new JsonArray(diffIds))
                    .build())
            .build();
    config = Json.bytes(json);
    Descriptor configDescriptor = blob(MediaTypes.OCI_CONFIG, config);
    manifest =
        blob(MediaTypes.OCI_MANIFEST, Json.bytes(Manifest.of(configDescriptor, layers).write()));
  }

  /** How layers are packed. */
  public enum Packing {
    PLAIN(MediaTypes.OCI_LAYER),
    GZIP(MediaTypes.OCI_LAYER_GZIP),
    ZSTD(MediaTypes.OCI_LAYER_ZSTD);

    private final String mediaType;

    Packing(String mediaType) {
      this.mediaType = mediaType;
    }

    public byte[] pack(byte[] plain) {
      return switch (this) {
        case PLAIN -> plain;
        case GZIP -> gzip(plain);
        case ZSTD -> Zstd.compress(plain);
      };
    }
  }

  public static ImageBuilder of(Platform platform, Packing packing, byte[]... layerTars) {
    return new ImageBuilder(platform, packing, List.of(layerTars));
  }

  public static ImageBuilder of(Packing packing, byte[]... layerTars) {
    return of(Platform.host(), packing, layerTars);
  }

  private Descriptor blob(String mediaType, byte[] bytes) {
    Digest digest = Digest.ofBytes(bytes);
    blobs.put("blobs/sha256/" + digest.hex(), bytes);
    return Descriptor.of(mediaType, digest, bytes.length);
  }

  public Descriptor manifest() {
    return manifest;
  }

  /** The image's id. */
  public Digest id() {
    return Digest.ofBytes(config);
  }

  public List<Descriptor> layers() {
    return List.copyOf(layers);
  }

  /** The files of an OCI image layout by their names. */
  public Map<String, byte[]> layout(String name) {
    return layout(Index.of(List.of(manifest.withAnnotations(annotations(name)))), blobs);
  }

  /** An index over several images, wrapped in a layout. */
  public static Map<String, byte[]> layoutOfIndex(String name, Map<Platform, ImageBuilder> images) {
    Map<String, byte[]> all = new LinkedHashMap<>();
    List<Descriptor> manifests = new ArrayList<>();
    images.forEach(
        (platform, image) -> {
          all.putAll(image.blobs);
          manifests.add(image.manifest.withPlatform(platform));
        });
    byte[] index = Json.bytes(Index.of(manifests).write());
    Digest digest = Digest.ofBytes(index);
    all.put("blobs/sha256/" + digest.hex(), index);
    Descriptor target = Descriptor.of(MediaTypes.OCI_INDEX, digest, index.length);
    return layout(Index.of(List.of(target.withAnnotations(annotations(name)))), all);
  }

  /** A layout of several images by their names. */
  public static Map<String, byte[]> layoutOf(Map<String, ImageBuilder> images) {
    Map<String, byte[]> all = new LinkedHashMap<>();
    List<Descriptor> manifests = new ArrayList<>();
    images.forEach(
        (name, image) -> {
          all.putAll(image.blobs);
          manifests.add(image.manifest.withAnnotations(annotations(name)));
        });
    return layout(Index.of(manifests), all);
  }

  private static Map<String, String> annotations(String name) {
    return name.isEmpty() ? Map.of() : Map.of("org.opencontainers.image.ref.name", name);
  }

  private static Map<String, byte[]> layout(Index index, Map<String, byte[]> blobs) {
    Map<String, byte[]> files = new LinkedHashMap<>(blobs);
    files.put("index.json", Json.bytes(index.write()));
    files.put("oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}".getBytes(StandardCharsets.UTF_8));
    return files;
  }

  /** The files of a docker-archive as old versions of Docker wrote it. */
  public Map<String, byte[]> dockerArchive(String name) {
    Map<String, byte[]> files = new LinkedHashMap<>();
    List<String> names = new ArrayList<>();
    for (Descriptor layer : layers) {
      String file = layer.digest().hex() + "/layer.tar";
      files.put(file, blobs.get("blobs/sha256/" + layer.digest().hex()));
      names.add(file);
    }
    files.put(id().hex() + ".json", config);
    JsonObject entry =
        JsonObject.builder()
            .put("Config", id().hex() + ".json")
            .putStrings("RepoTags", name.isEmpty() ? List.of() : List.of(name))
            .putStrings("Layers", names)
            .build();
    files.put("manifest.json", Json.bytes(JsonArray.of(entry)));
    return files;
  }

  /** A tar of some files. */
  public static byte[] tar(Map<String, byte[]> files) {
    TarBuilder tar = new TarBuilder();
    files.forEach(
        (name, bytes) -> {
          if (name.length() > 100) {
            tar.longName(name);
          }
          tar.file(name, bytes);
        });
    return tar.build();
  }

  /** Bytes as one gzip member. */
  public static byte[] gzip(byte[] plain) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(plain);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return packed.toByteArray();
  }
}
