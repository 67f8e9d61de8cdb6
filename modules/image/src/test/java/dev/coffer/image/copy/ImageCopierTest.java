package dev.coffer.image.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.image.ArchiveLimits;
import dev.coffer.image.ImageException;
import dev.coffer.image.ImageException.Kind;
import dev.coffer.image.registry.RegistryAccess;
import dev.coffer.image.store.ImageStoreOptions;
import dev.coffer.image.store.LocalImageStore;
import dev.coffer.image.store.StoreSession;
import dev.coffer.image.transfer.TransferListener;
import dev.coffer.spec.image.Descriptor;
import dev.coffer.spec.image.Digest;
import dev.coffer.spec.image.Index;
import dev.coffer.spec.image.Manifest;
import dev.coffer.spec.image.MediaTypes;
import dev.coffer.spec.image.Platform;
import dev.coffer.spec.image.Reference;
import dev.coffer.spec.json.Json;
import dev.coffer.spec.json.JsonArray;
import dev.coffer.spec.json.JsonObject;
import dev.coffer.spec.json.JsonValue;
import dev.coffer.testkit.archive.ImageBuilder;
import dev.coffer.testkit.archive.ImageBuilder.Packing;
import dev.coffer.testkit.archive.TarBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageCopierTest {
  private static final byte[] BASE = new TarBuilder().directory("etc/").file("etc/a", "1").build();
  private static final byte[] TOP = new TarBuilder().file("etc/b", "22").build();
  private static final Platform ARM = Platform.parse("linux/arm64");
  private static final Platform AMD = Platform.parse("linux/amd64");
  private static final RegistryAccess ACCESS = RegistryAccess.of(Map.of());

  @TempDir Path directory;

  private final FakeRegistry registry = new FakeRegistry();
  private final ImagePlaces places = new ImagePlaces(registry, ArchiveLimits.DEFAULT);
  private LocalImageStore store;

  @BeforeEach
  void open() throws IOException {
    store = LocalImageStore.open(directory.resolve("root"), ImageStoreOptions.DEFAULT);
  }

  @AfterEach
  void close() {
    store.close();
  }

  private void load(Map<String, byte[]> layout) throws IOException {
    var _ = store.load(new ByteArrayInputStream(ImageBuilder.tar(layout)), Optional.empty());
  }

  private CopyResult copy(String from, String to, CopyOptions options) throws IOException {
    try (StoreSession session = store.session();
        ImageSource source = places.source(location(from), session, ACCESS);
        ImageDestination destination = places.destination(location(to), session, ACCESS)) {
      return ImageCopier.copy(source, destination, options, TransferListener.NONE);
    }
  }

  private ImageLocation location(String text) {
    return ImageLocation.parse(text, directory::resolve);
  }

  private static CopyOptions converting(ManifestFormat format) {
    return new CopyOptions(new Selection.All(), Optional.of(format), false, false);
  }

  private List<String> arriving() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith("."))
          .toList();
    }
  }

  @Test
  void pushesAnImageByteForByteAndNothingTwice() throws IOException {
    ImageBuilder image = ImageBuilder.of(Packing.GZIP, BASE, TOP);
    load(image.layout("r.test/a:1"));

    CopyResult pushed = copy("r.test/a:1", "docker://r.test/a:1", CopyOptions.ALL);

    assertThat(pushed.target().digest()).isEqualTo(image.manifest().digest());
    assertThat(registry.open("r.test/a").find("1")).contains(image.manifest());
    assertThat(registry.log).filteredOn(line -> line.startsWith("upload")).hasSize(3);
    registry.log.clear();

    CopyResult again = copy("r.test/a:1", "docker://r.test/a:2", CopyOptions.ALL);
    assertThat(again.target()).isEqualTo(pushed.target());
    assertThat(registry.log).containsExactly("put r.test/a 2");
  }

  @Test
  void takesBlobsFromOtherRepositoriesOfTheRegistry() throws IOException {
    load(ImageBuilder.of(Packing.GZIP, BASE, TOP).layout("r.test/a:1"));
    var _ = copy("r.test/a:1", "docker://r.test/a:1", CopyOptions.ALL);
    registry.log.clear();

    var _ = copy("r.test/a:1", "docker://r.test/team/b:1", CopyOptions.ALL);
    assertThat(registry.log).filteredOn(line -> line.startsWith("mount")).hasSize(3);
    assertThat(registry.log).noneMatch(line -> line.startsWith("upload"));

    var _ = copy("r.test/a:1", "docker://other.test/b:1", CopyOptions.ALL);
    assertThat(registry.log).filteredOn(line -> line.startsWith("upload other.test/b")).hasSize(3);
  }

  @Test
  void concurrentPushesSendABlobOnce() throws Exception {
    load(ImageBuilder.of(Packing.GZIP, BASE, TOP).layout("r.test/a:1"));
    try (ExecutorService pool = Executors.newFixedThreadPool(4)) {
      List<Callable<CopyResult>> pushes =
          Stream.of("1", "2", "3", "4")
              .<Callable<CopyResult>>map(
                  tag -> () -> copy("r.test/a:1", "docker://r.test/a:" + tag, CopyOptions.ALL))
              .toList();
      for (Future<CopyResult> push : pool.invokeAll(pushes)) {
        assertThat(push.get()).isNotNull();
      }
    }
    assertThat(registry.log).filteredOn(line -> line.startsWith("upload")).hasSize(3);
    assertThat(registry.open("r.test/a").tags()).containsExactly("1", "2", "3", "4");
  }

  private static Map<Platform, ImageBuilder> two() {
    Map<Platform, ImageBuilder> images = new LinkedHashMap<>();
    images.put(AMD, ImageBuilder.of(AMD, Packing.GZIP, BASE));
    images.put(ARM, ImageBuilder.of(ARM, Packing.GZIP, BASE, TOP));
    return images;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "docker://r.test/many:1",
        "oci:layout:many",
        "oci-archive:many.tar:many",
        "docker-archive:many.tar:many:1",
        "dir:many",
        "coffer:copied:1"
      })
  void anIndexGoesEverywhereAndComesBackTheSame(String place) throws IOException {
    load(ImageBuilder.layoutOfIndex("many:1", two()));
    CopyResult there = copy("many:1", place, CopyOptions.ALL);
    CopyResult back = copy(place, "docker://back.test/many:1", CopyOptions.ALL);
    assertThat(back.target()).isEqualTo(there.target());
    for (ImageBuilder image : two().values()) {
      String digest = image.manifest().digest().toString();
      assertThat(registry.open("back.test/many").manifests).containsKey(digest);
    }
    CopyResult one =
        copy(
            place,
            "docker://one.test/many:1",
            CopyOptions.ALL.withSelection(new Selection.For(ARM)));
    assertThat(one.target().digest()).isEqualTo(two().get(ARM).manifest().digest());
    assertThat(arriving()).isEmpty();
    try (Stream<Path> blobs = Files.list(directory.resolve("root/content/blobs/sha256"))) {
      // The two images share a layer; what archives brought is swept.
      assertThat(blobs).hasSize(7);
    }
  }

  private Descriptor sparse(ImageBuilder... present) throws IOException {
    byte[] other = "{}".getBytes(StandardCharsets.UTF_8);
    Descriptor absent =
        Descriptor.of(MediaTypes.OCI_MANIFEST, Digest.ofBytes(other), other.length)
            .withPlatform(Platform.parse("linux/s390x"));
    java.util.ArrayList<Descriptor> listed = new java.util.ArrayList<>(List.of(absent));
    Map<String, byte[]> files = new LinkedHashMap<>();
    for (ImageBuilder image : present) {
      files.putAll(image.layout(""));
      listed.add(image.manifest().withPlatform(image == present[0] ? AMD : ARM));
    }
    byte[] index = Json.bytes(Index.of(listed).write());
    Digest digest = Digest.ofBytes(index);
    files.put("blobs/sha256/" + digest.hex(), index);
    Descriptor target = Descriptor.of(MediaTypes.OCI_INDEX, digest, index.length);
    files.put(
        "index.json",
        Json.bytes(
            Index.of(List.of(target.withAnnotations(Map.of(LayoutSource.NAME, "r.test/some:1"))))
                .write()));
    load(files);
    return target;
  }

  @Test
  void ofAnIndexWithOneImageOnlyThatIsPushed() throws IOException {
    ImageBuilder image = ImageBuilder.of(AMD, Packing.GZIP, BASE);
    Descriptor index = sparse(image);
    // A pull of the other platform that broke off changes nothing.
    ImageBuilder broken = ImageBuilder.of(ARM, Packing.GZIP, TOP);
    byte[] manifest = broken.layout("").get("blobs/sha256/" + broken.manifest().digest().hex());
    try (StoreSession session = store.session()) {
      var _ = session.adding().put(manifest);
      StoreSource source = StoreSource.find(session, "r.test/some:1");
      assertThat(source.manifest(broken.manifest())).isEmpty();
      assertThat(source.manifest(image.manifest())).isPresent();
    }
    CopyResult pushed =
        copy(
            "r.test/some:1",
            "docker://r.test/some:1",
            CopyOptions.ALL.withSelection(new Selection.AllOrTheOnlyOne()));
    assertThat(pushed.target().digest()).isEqualTo(image.manifest().digest());
    assertThat(pushed.partOf()).contains(index);
    assertThatThrownBy(() -> copy("r.test/some:1", "oci:all", CopyOptions.ALL))
        .hasMessage(
            "cannot copy all of r.test/some:1: it lacks the manifests for linux/s390x and has those for linux/amd64 (fetch the others, or choose one with --platform)");
  }

  @Test
  void ofAnIndexWithSomeImagesOneMustBeChosen() throws IOException {
    ImageBuilder arm = ImageBuilder.of(ARM, Packing.GZIP, TOP);
    Descriptor index = sparse(ImageBuilder.of(AMD, Packing.GZIP, BASE), arm);
    CopyOptions options = CopyOptions.ALL.withSelection(new Selection.AllOrTheOnlyOne());
    assertThatThrownBy(() -> copy("r.test/some:1", "docker://r.test/some:1", options))
        .isInstanceOfSatisfying(
            ImageException.class, e -> assertThat(e.kind()).isEqualTo(Kind.CONFLICT));
    assertThat(registry.log).isEmpty();
    CopyOptions chosen = options.withSelection(new Selection.For(ARM));
    assertThat(copy("r.test/some:1", "docker://r.test/some:1", chosen).target().digest())
        .isEqualTo(arm.manifest().digest());
    assertThatThrownBy(
            () ->
                copy(
                    "r.test/some:1",
                    "docker://r.test/some:1",
                    options.withSelection(new Selection.For(Platform.parse("linux/s390x")))))
        .hasMessageContaining("does not hold its image for platform linux/s390x");

    // What the registry has already need not be in the store.
    byte[] absent = "{}".getBytes(StandardCharsets.UTF_8);
    registry
        .open("r.test/some")
        .manifests
        .put(
            Digest.ofBytes(absent).toString(),
            new dev.coffer.image.registry.RemoteManifest(
                Descriptor.of(MediaTypes.OCI_MANIFEST, Digest.ofBytes(absent), 2), absent));
    assertThat(copy("r.test/some:1", "docker://r.test/some:1", options).target()).isEqualTo(index);
  }

  @Test
  void aPlatformThatIsNotThereIsAnErrorThatSaysWhatIs() throws IOException {
    load(ImageBuilder.layoutOfIndex("many:1", two()));
    CopyOptions options =
        CopyOptions.ALL.withSelection(new Selection.For(Platform.parse("linux/s390x")));
    assertThatThrownBy(() -> copy("many:1", "oci:x", options))
        .hasMessage("no image for platform linux/s390x in many:1: it has linux/amd64, linux/arm64");
    load(ImageBuilder.of(AMD, Packing.GZIP, BASE).layout("one:1"));
    assertThatThrownBy(() -> copy("one:1", "oci:x", options))
        .hasMessage("no image for platform linux/s390x in one:1: it has linux/amd64");
  }

  @Test
  void convertsThereAndBack() throws IOException {
    load(ImageBuilder.layoutOfIndex("many:1", two()));
    CopyResult docker = copy("many:1", "docker://r.test/docker:1", converting(ManifestFormat.V2S2));
    assertThat(docker.target().mediaType()).isEqualTo(MediaTypes.DOCKER_INDEX);
    RawManifest index =
        new RegistrySource(registry.open("r.test/docker"), Reference.parse("r.test/docker:1"))
            .target();
    for (Descriptor child : index.index().manifests()) {
      assertThat(child.mediaType()).isEqualTo(MediaTypes.DOCKER_MANIFEST);
      assertThat(child.platform()).isPresent();
    }
    CopyResult back =
        copy("docker://r.test/docker:1", "oci:back:1", converting(ManifestFormat.OCI));
    CopyResult original = copy("many:1", "oci:original:1", CopyOptions.ALL);
    assertThat(back.target()).isEqualTo(original.target());
    CopyOptions preserving =
        new CopyOptions(new Selection.All(), Optional.of(ManifestFormat.V2S2), true, false);
    assertThatThrownBy(() -> copy("many:1", "docker://r.test/no:1", preserving))
        .hasMessageContaining("its digest would change from ")
        .hasMessageContaining("leave out --preserve-digests");
    assertThat(registry.log).noneMatch(line -> line.contains("r.test/no"));
  }

  @Test
  void whatDockersFormatCannotSayIsRefused() throws IOException {
    load(ImageBuilder.of(Packing.ZSTD, BASE).layout("zstd:1"));
    assertThatThrownBy(() -> copy("zstd:1", "dir:x", converting(ManifestFormat.V2S2)))
        .hasMessageContaining("it has no word for layer")
        .hasMessageContaining("tar+zstd");
  }

  /** An artifact: a config of two bytes and one layer of its own type. */
  private Map<String, byte[]> artifact(String name, Descriptor... layers) {
    byte[] empty = "{}".getBytes(StandardCharsets.UTF_8);
    byte[] data = "data".getBytes(StandardCharsets.UTF_8);
    Descriptor config =
        Descriptor.of("application/vnd.oci.empty.v1+json", Digest.ofBytes(empty), empty.length);
    Descriptor layer = Descriptor.of("text/plain", Digest.ofBytes(data), data.length);
    Manifest manifest =
        new Manifest(
            MediaTypes.OCI_MANIFEST,
            Optional.of("application/x-test"),
            config,
            layers.length == 0 ? List.of(layer) : List.of(layers),
            Optional.empty(),
            Map.of("a", "b"),
            JsonObject.EMPTY);
    byte[] json = Json.bytes(manifest.write());
    Digest digest = Digest.ofBytes(json);
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put("blobs/sha256/" + config.digest().hex(), empty);
    files.put("blobs/sha256/" + layer.digest().hex(), data);
    files.put("blobs/sha256/" + digest.hex(), json);
    Descriptor target = Descriptor.of(MediaTypes.OCI_MANIFEST, digest, json.length);
    files.put(
        "index.json",
        Json.bytes(
            Index.of(List.of(target.withAnnotations(Map.of(LayoutSource.NAME, name)))).write()));
    files.put("oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}".getBytes(StandardCharsets.UTF_8));
    return files;
  }

  @Test
  void artifactsAreKeptSavedAndPushed() throws IOException {
    load(artifact("r.test/artifact:1"));
    assertThatThrownBy(() -> store.resolve("r.test/artifact:1", Optional.empty()))
        .hasMessageContaining("holds no image that could be run");
    CopyResult pushed = copy("r.test/artifact:1", "docker://r.test/artifact:1", CopyOptions.ALL);
    Path saved = directory.resolve("saved.tar");
    try (var out = Files.newOutputStream(saved)) {
      store.save(List.of("r.test/artifact:1"), Optional.empty(), out);
    }
    var _ =
        store.remove("r.test/artifact:1", new dev.coffer.image.RemoveOptions(false, _ -> false));
    store.sweep();
    try (Stream<Path> blobs = Files.list(directory.resolve("root/content/blobs/sha256"))) {
      assertThat(blobs).isEmpty();
    }
    var loaded = store.load(saved, Optional.empty());
    assertThat(loaded.artifacts()).containsExactly(Reference.parse("r.test/artifact:1"));
    assertThat(copy("r.test/artifact:1", "oci:again", CopyOptions.ALL).target())
        .isEqualTo(pushed.target());
    assertThatThrownBy(() -> copy("r.test/artifact:1", "dir:no", converting(ManifestFormat.V2S2)))
        .hasMessageContaining("it is an artifact's");
    assertThatThrownBy(() -> load(artifact("")))
        .hasMessageContaining("holds no image that could be run, and the archive gives it no name");
  }

  @Test
  void foreignLayersStayWhereTheyAreUnlessAskedFor() throws IOException {
    byte[] data = "data".getBytes(StandardCharsets.UTF_8);
    JsonObject urls =
        JsonObject.builder()
            .put("urls", JsonArray.of(JsonValue.of("https://example.org/layer")))
            .build();
    Descriptor layer =
        new Descriptor(
            MediaTypes.DOCKER_FOREIGN_LAYER,
            Digest.ofBytes(data),
            data.length,
            Map.of(),
            Optional.empty(),
            Optional.empty(),
            urls);
    load(artifact("r.test/foreign:1", layer));
    var _ = copy("r.test/foreign:1", "docker://r.test/foreign:1", CopyOptions.ALL);
    assertThat(registry.open("r.test/foreign").blobs).doesNotContainKey(layer.digest());
    CopyOptions all = new CopyOptions(new Selection.All(), Optional.empty(), true, true);
    var _ = copy("r.test/foreign:1", "docker://r.test/foreign:1", all);
    assertThat(registry.open("r.test/foreign").blobs).containsKey(layer.digest());
  }

  @Test
  void aSourceWithOtherBytesLeavesNothing() throws IOException {
    ImageBuilder image = ImageBuilder.of(Packing.GZIP, BASE);
    load(image.layout("r.test/a:1"));
    var _ = copy("r.test/a:1", "docker://r.test/a:1", CopyOptions.ALL);
    var _ = store.remove("r.test/a:1", new dev.coffer.image.RemoveOptions(false, _ -> false));
    Digest layer = image.layers().getFirst().digest();
    byte[] wrong = registry.open("r.test/a").blobs.get(layer).clone();
    wrong[wrong.length - 1]++;
    registry.open("r.test/a").blobs.put(layer, wrong);
    for (String to : List.of("docker://s.test/b:1", "b:1", "oci:b", "dir:c", "oci-archive:b.tar")) {
      assertThatThrownBy(() -> copy("docker://r.test/a:1", to, CopyOptions.ALL))
          .as(to)
          .isInstanceOfSatisfying(
              ImageException.class, e -> assertThat(e.kind()).isEqualTo(Kind.DIGEST_MISMATCH))
          .hasMessageContaining("digest mismatch: blob " + layer)
          .hasMessageContaining(" has the digest sha256:");
    }
    assertThat(registry.open("s.test/b").manifests).isEmpty();
    assertThat(directory.resolve("b.tar")).doesNotExist();
    assertThat(directory.resolve("c/manifest.json")).doesNotExist();
    assertThat(directory.resolve("b/index.json")).doesNotExist();
    store.sweep();
    try (Stream<Path> blobs = Files.list(directory.resolve("root/content/blobs/sha256"))) {
      assertThat(blobs).isEmpty();
    }
    assertThat(arriving()).isEmpty();
  }

  @Test
  void aLayoutKeepsItsOtherEntriesAndADirectoryOfOthersIsRefused() throws IOException {
    ImageBuilder one = ImageBuilder.of(Packing.GZIP, BASE);
    ImageBuilder other = ImageBuilder.of(Packing.GZIP, TOP);
    load(one.layout("one:1"));
    load(other.layout("other:1"));
    var _ = copy("one:1", "oci:layout:a", CopyOptions.ALL);
    var _ = copy("other:1", "oci:layout:b", CopyOptions.ALL);
    assertThat(copy("oci:layout:a", "dir:d", CopyOptions.ALL).target().digest())
        .isEqualTo(one.manifest().digest());
    var _ = copy("other:1", "oci:layout:a", CopyOptions.ALL);
    assertThat(copy("oci:layout:a", "dir:d", CopyOptions.ALL).target().digest())
        .isEqualTo(other.manifest().digest());
    try (Stream<Path> files = Files.list(directory.resolve("d"))) {
      assertThat(files).hasSize(4);
    }
    assertThatThrownBy(() -> copy("oci:layout", "dir:d", CopyOptions.ALL))
        .hasMessage("cannot choose an image of oci:layout: it has b, a");
    assertThatThrownBy(() -> copy("oci:layout:c", "dir:d", CopyOptions.ALL))
        .hasMessage("cannot choose an image of oci:layout:c: it has b, a");
    var _ = Files.writeString(Files.createDirectory(directory.resolve("full")).resolve("x"), "x");
    assertThatThrownBy(() -> copy("one:1", "oci:full:a", CopyOptions.ALL))
        .hasMessageContaining("the directory is not empty and has no file \"oci-layout\"");
    assertThatThrownBy(() -> copy("one:1", "dir:full", CopyOptions.ALL))
        .hasMessageContaining("the directory is not empty and has no file \"version\"");
  }

  @Test
  void aLayoutsLinkLeadsNowhere() throws IOException {
    ImageBuilder image = ImageBuilder.of(Packing.GZIP, BASE);
    load(image.layout("one:1"));
    var _ = copy("one:1", "oci:layout:a", CopyOptions.ALL);
    Path blob =
        directory.resolve("layout/blobs/sha256/" + image.layers().getFirst().digest().hex());
    Path outside = Files.move(blob, directory.resolve("outside"));
    var _ = Files.createSymbolicLink(blob, outside);
    assertThatThrownBy(() -> copy("oci:layout:a", "dir:d", CopyOptions.ALL))
        .isInstanceOf(IOException.class);
    assertThat(directory.resolve("d/manifest.json")).doesNotExist();
  }

  @Test
  void anAmbiguousManifestIsRefused() throws IOException {
    byte[] both =
        "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"manifests\":[],\"layers\":[],\"config\":{}}"
            .formatted(MediaTypes.OCI_INDEX)
            .getBytes(StandardCharsets.UTF_8);
    Path d = Files.createDirectory(directory.resolve("d"));
    var _ = Files.write(d.resolve("manifest.json"), both);
    assertThatThrownBy(() -> copy("dir:d", "x:1", CopyOptions.ALL))
        .hasMessageContaining("it is not the index that it is said to be");
    var _ =
        Files.writeString(
            d.resolve("manifest.json"), "{\"schemaVersion\":1,\"fsLayers\":[],\"name\":\"x\"}");
    assertThatThrownBy(() -> copy("dir:d", "x:1", CopyOptions.ALL))
        .hasMessageContaining("is of schema 1");
  }

  @Test
  void aDigestAsDestinationMustBeTheOne() throws IOException {
    load(ImageBuilder.of(Packing.GZIP, BASE).layout("one:1"));
    Digest other = Digest.ofBytes(new byte[0]);
    assertThatThrownBy(() -> copy("one:1", "docker://r.test/a@" + other, CopyOptions.ALL))
        .hasMessageContaining("what is copied has the digest sha256:");
  }

  @ParameterizedTest
  @ValueSource(strings = {"docker:x", "docker-daemon:x:1", "oci::x", "containers-storage:x"})
  void placesThatCannotBeAreRefused(String text) {
    assertThatThrownBy(() -> location(text)).isInstanceOf(IllegalArgumentException.class);
  }
}
