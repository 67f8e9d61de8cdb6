package dev.coffer.image.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.image.ArchiveLimits;
import dev.coffer.image.ImageException;
import dev.coffer.spec.image.Descriptor;
import dev.coffer.spec.image.Digest;
import dev.coffer.spec.image.Index;
import dev.coffer.spec.image.Manifest;
import dev.coffer.spec.image.MediaTypes;
import dev.coffer.spec.json.Json;
import dev.coffer.spec.json.JsonArray;
import dev.coffer.spec.json.JsonObject;
import dev.coffer.spec.json.JsonValue;
import dev.coffer.testkit.archive.HostileLayers;
import dev.coffer.testkit.archive.TarBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Hostile layers give the right error, touch nothing outside, and leave nothing behind. */
class HostileLayerTest {
  private static final ArchiveLimits LIMITS =
      new ArchiveLimits(1000, 4096, 512, 1 << 20, 1L << 40, 64L << 20, 200, 1 << 20);

  @TempDir(factory = MemoryDirectory.class)
  Path directory;

  static Stream<HostileLayers.Case> cases() {
    return HostileLayers.all();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void isRefusedWithoutATrace(HostileLayers.Case hostile) throws IOException {
    // Layers are unpacked at store/layers/staging-0/diff: ../ in them may mean each of these.
    Path store = directory.resolve("a/b/c/store");
    List<Path> outside =
        List.of(directory, store, store.resolve("layers"), store.resolve("content"));
    for (Path each : outside) {
      Files.createDirectories(each.resolve("outside"));
      Files.writeString(each.resolve("outside/secret"), "untouched");
    }
    Files.delete(store.resolve("layers/outside/secret"));
    Files.delete(store.resolve("layers/outside"));

    try (LocalImageStore images = StoreFixture.open(store, LIMITS)) {
      assertThatThrownBy(() -> StoreFixture.load(images, image(hostile)))
          .isInstanceOf(ImageException.class)
          .extracting(e -> ((ImageException) e).kind().name())
          .isEqualTo(hostile.expected());
      assertThat(images.list()).isEmpty();
      images.sweep();
    }

    assertThat(StoreFixture.contents(store)).isEmpty();
    for (Path each : List.of(directory, store, store.resolve("content"))) {
      assertThat(each.resolve("outside/secret")).hasContent("untouched");
      assertThat(each.resolve("outside")).isDirectoryNotContaining(p -> !p.endsWith("secret"));
    }
  }

  @Test
  void writesThroughLinksStayInTheLayer() throws IOException {
    Path outside = Files.createDirectories(directory.resolve("outside"));
    String up = "../".repeat(10) + outside.toString().substring(1);
    byte[] layer =
        new TarBuilder()
            .symbolicLink("absolute", outside.toString())
            .file("absolute/evil", "1")
            .symbolicLink("relative", up)
            .file("relative/evil2", "2")
            .symbolicLink("file", outside + "/evil3")
            .file("file", "3")
            .build();
    try (LocalImageStore images = StoreFixture.open(directory.resolve("store"))) {
      Path unpacked = StoreFixture.unpack(images, layer).getFirst();
      assertThat(outside).isEmptyDirectory();
      Path inside = unpacked.resolve(outside.toString().substring(1));
      assertThat(inside.resolve("evil")).hasContent("1");
      assertThat(inside.resolve("evil2")).hasContent("2");
      assertThat(unpacked.resolve("file")).isRegularFile().hasContent("3");
    }
  }

  private static Map<String, byte[]> image(HostileLayers.Case hostile) {
    Map<String, byte[]> files = new LinkedHashMap<>();
    Descriptor layer = blob(files, MediaTypes.OCI_LAYER, hostile.packed());
    JsonValue diffId = JsonValue.of(Digest.ofBytes(hostile.plain()).toString());
    JsonObject rootfs =
        JsonObject.builder().put("type", "layers").put("diff_ids", JsonArray.of(diffId)).build();
    byte[] configJson = Json.bytes(JsonObject.builder().put("rootfs", rootfs).build());
    Descriptor config = blob(files, MediaTypes.OCI_CONFIG, configJson);
    byte[] manifest = Json.bytes(Manifest.of(config, List.of(layer)).write());
    Descriptor target = blob(files, MediaTypes.OCI_MANIFEST, manifest);
    files.put("index.json", Json.bytes(Index.of(List.of(target)).write()));
    files.put("oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}".getBytes(StandardCharsets.UTF_8));
    return files;
  }

  private static Descriptor blob(Map<String, byte[]> files, String mediaType, byte[] bytes) {
    Digest digest = Digest.ofBytes(bytes);
    files.put("blobs/sha256/" + digest.hex(), bytes);
    return Descriptor.of(mediaType, digest, bytes.length);
  }
}
