package dev.coffer.image.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import dev.coffer.image.Image;
import dev.coffer.image.Variant;
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
import dev.coffer.testkit.archive.ImageBuilder;
import dev.coffer.testkit.archive.TarBuilder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Forms of layers and images that few tools write: to Coffer they are layers and images. */
class LayerFormatsTest {
  private static final byte[] TAR =
      new TarBuilder()
          .directory("etc/")
          .file("etc/a", "1")
          .file("stargz.index.json", "{\"version\":1,\"entries\":[]}")
          .build();

  @TempDir Path root;
  private final Map<String, byte[]> files = new LinkedHashMap<>();

  private Descriptor blob(Digest.Algorithm algorithm, String mediaType, byte[] bytes) {
    Digest digest = Digest.of(algorithm, bytes);
    files.put("blobs/" + digest.toString().replace(':', '/'), bytes);
    return Descriptor.of(mediaType, digest, bytes.length);
  }

  private Descriptor image(Digest.Algorithm algorithm, String mediaType, byte[] layer) {
    byte[] config =
        Json.bytes(
            JsonObject.builder()
                .putAll(Platform.host().write())
                .put(
                    "rootfs",
                    JsonObject.builder()
                        .put("type", "layers")
                        .put(
                            "diff_ids",
                            new JsonArray(
                                List.of(JsonValue.of(Digest.of(algorithm, TAR).toString()))))
                        .build())
                .build());
    Descriptor configBlob = blob(algorithm, MediaTypes.OCI_CONFIG, config);
    Descriptor layerBlob =
        blob(algorithm, mediaType, layer)
            .withAnnotations(Map.of("containerd.io/snapshot/stargz/toc.digest", "sha256:x"));
    return blob(
        algorithm,
        MediaTypes.OCI_MANIFEST,
        Json.bytes(Manifest.of(configBlob, List.of(layerBlob)).write()));
  }

  private Descriptor index(Descriptor... manifests) {
    byte[] index = Json.bytes(Index.of(List.of(manifests)).write());
    return blob(Digest.Algorithm.SHA256, MediaTypes.OCI_INDEX, index);
  }

  private Map<String, byte[]> layout(Descriptor target) {
    Map<String, String> name = Map.of("org.opencontainers.image.ref.name", "odd:1");
    files.put("index.json", Json.bytes(Index.of(List.of(target.withAnnotations(name))).write()));
    files.put("oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}".getBytes(StandardCharsets.UTF_8));
    return files;
  }

  private Image isAnImage(Descriptor target) throws IOException {
    try (LocalImageStore store = StoreFixture.open(root)) {
      Image loaded = StoreFixture.load(store, layout(target)).images().getFirst();
      assertThat(store.layers(loaded).getFirst().resolve("etc/a")).hasContent("1");
    }
    try (LocalImageStore store = StoreFixture.open(root)) {
      Image found = store.resolve("odd:1", Optional.empty());
      String id = found.id().toString();
      for (String each :
          List.of(id, found.id().hex(), id.substring(0, 20), found.id().shortHex())) {
        assertThat(store.resolve(each, Optional.empty())).isEqualTo(found);
      }
      assertThat(store.layers(found).getFirst().resolve("etc/a")).hasContent("1");
      ByteArrayOutputStream saved = new ByteArrayOutputStream();
      store.save(List.of("odd:1"), Optional.empty(), saved);
      try (LocalImageStore other = StoreFixture.open(root.resolve("other"))) {
        Image again = StoreFixture.load(other, saved.toByteArray()).images().getFirst();
        assertThat(again.manifest().digest()).isEqualTo(found.manifest().digest());
      }
      return found;
    }
  }

  /** Many members, and an empty one with a field of its own at the end. */
  private static byte[] stargz() throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int from = 0; from < TAR.length; from += 512) {
      all.write(ImageBuilder.gzip(Arrays.copyOfRange(TAR, from, Math.min(TAR.length, from + 512))));
    }
    ByteBuffer footer = ByteBuffer.allocate(51).order(ByteOrder.LITTLE_ENDIAN);
    footer.put(new byte[] {0x1f, (byte) 0x8b, 8, 4, 0, 0, 0, 0, 0, (byte) 0xff});
    footer.putShort((short) 26).put(new byte[] {'S', 'G'}).putShort((short) 22);
    footer.put("0000000000000400STARGZ".getBytes(StandardCharsets.US_ASCII));
    footer.put(new byte[] {1, 0, 0, (byte) 0xff, (byte) 0xff});
    all.write(footer.array());
    return all.toByteArray();
  }

  @Test
  void eStargz() throws IOException {
    var _ = isAnImage(image(Digest.Algorithm.SHA256, MediaTypes.OCI_LAYER_GZIP, stargz()));
  }

  /** Many frames, and one to be skipped at the end. */
  @Test
  void zstdChunked() throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int from = 0; from < TAR.length; from += 512) {
      all.write(Zstd.compress(Arrays.copyOfRange(TAR, from, Math.min(TAR.length, from + 512))));
    }
    byte[] table = "{\"version\":1,\"entries\":[]}".getBytes(StandardCharsets.UTF_8);
    ByteBuffer skipped = ByteBuffer.allocate(8 + table.length).order(ByteOrder.LITTLE_ENDIAN);
    all.write(skipped.putInt(0x184D2A50).putInt(table.length).put(table).array());
    var _ = isAnImage(image(Digest.Algorithm.SHA256, MediaTypes.OCI_LAYER_ZSTD, all.toByteArray()));
  }

  @Test
  void allDigestsOfSha512() throws IOException {
    Image image =
        isAnImage(
            image(Digest.Algorithm.SHA512, MediaTypes.OCI_LAYER_GZIP, ImageBuilder.gzip(TAR)));
    assertThat(image.manifest().digest().toString()).startsWith("sha512:");
    assertThat(image.id().toString()).startsWith("sha512:");
  }

  @Test
  void indexesWithinIndexes() throws IOException {
    Descriptor member =
        image(Digest.Algorithm.SHA256, MediaTypes.OCI_LAYER, TAR).withPlatform(Platform.host());
    Descriptor outer = index(index(index(member)));
    var _ = isAnImage(outer);
    try (LocalImageStore store = StoreFixture.open(root)) {
      assertThat(store.variants("odd:1"))
          .extracting(Variant::manifest)
          .containsExactly(member.digest());
    }
  }

  @Test
  void layersThatAreDistributedElsewhereButAreHere() throws IOException {
    String foreign = "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip";
    var _ = isAnImage(image(Digest.Algorithm.SHA256, foreign, ImageBuilder.gzip(TAR)));
  }
}
