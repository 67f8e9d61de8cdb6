package dev.coffer.image.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.image.ArchiveLimits;
import dev.coffer.image.Image;
import dev.coffer.image.ImageException;
import dev.coffer.image.ImageException.Kind;
import dev.coffer.image.ImageLayer;
import dev.coffer.image.ImportOptions;
import dev.coffer.image.RemoveOptions;
import dev.coffer.image.Removed;
import dev.coffer.image.Variant;
import dev.coffer.image.pull.PullLimits;
import dev.coffer.kernel.Host;
import dev.coffer.spec.image.Platform;
import dev.coffer.spec.image.Reference;
import dev.coffer.testkit.archive.ImageBuilder;
import dev.coffer.testkit.archive.ImageBuilder.Packing;
import dev.coffer.testkit.archive.TarBuilder;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LocalImageStoreTest {
  private static final byte[] BASE = new TarBuilder().directory("etc/").file("etc/a", "1").build();
  private static final byte[] TOP = new TarBuilder().file("./etc/b", "22").build();

  @TempDir Path root;

  @ParameterizedTest
  @EnumSource
  void loadsLayersOfEachPacking(Packing packing) throws IOException {
    ImageBuilder image = ImageBuilder.of(packing, BASE, TOP);
    try (LocalImageStore store = StoreFixture.open(root)) {
      Image loaded = StoreFixture.load(store, image.layout("demo:1")).images().getFirst();
      assertThat(loaded.id()).isEqualTo(image.id());
      assertThat(loaded.references()).containsExactly(Reference.parse("demo:1"));
      assertThat(loaded.sizeBytes()).isEqualTo(3);
      List<Path> layers = store.layers(loaded);
      assertThat(layers).hasSize(2);
      assertThat(layers.get(0).resolve("etc/a")).hasContent("1");
      assertThat(layers.get(1).resolve("etc/b")).hasContent("22");
    }
  }

  /** As a pull of a second platform that was killed leaves it. */
  @Test
  void ofAnIndexWhatIsThereInPartDoesNotCount() throws IOException {
    Map<Platform, ImageBuilder> images = new LinkedHashMap<>();
    images.put(Platform.host(), ImageBuilder.of(Packing.GZIP, BASE));
    ImageBuilder other = ImageBuilder.of(Platform.parse("linux/s390x"), Packing.GZIP, TOP);
    images.put(Platform.parse("linux/s390x"), other);
    Map<String, byte[]> layout = ImageBuilder.layoutOfIndex("many:1", images);
    String manifest = "blobs/sha256/" + other.manifest().digest().hex();
    byte[] json = layout.remove(manifest);
    try (LocalImageStore store = StoreFixture.open(root)) {
      assertThat(StoreFixture.load(store, layout).images()).hasSize(1);
    }
    Path blob = root.resolve("content").resolve(manifest);
    var _ = Files.write(blob, json);
    try (LocalImageStore store = StoreFixture.open(root)) {
      assertThat(store.list()).hasSize(1);
      assertThat(store.layers(store.resolve("many:1", Optional.empty()))).hasSize(1);
      assertThat(blob).doesNotExist();
      try (StoreSession session = store.session()) {
        var _ = session.adding().put(json);
        session.keep(session.find("many:1").target(), List.of(Reference.parse("again:1")));
      }
      assertThat(store.resolve("again:1", Optional.empty()).references()).hasSize(2);
    }
  }

  @Test
  void aNameTellsItsPlatformsAlsoThoseThatAreElsewhere() throws IOException {
    Map<Platform, ImageBuilder> images = new LinkedHashMap<>();
    ImageBuilder here = ImageBuilder.of(Packing.PLAIN, BASE, TOP);
    images.put(Platform.host(), here);
    ImageBuilder other = ImageBuilder.of(Platform.parse("linux/s390x"), Packing.PLAIN, TOP);
    images.put(Platform.parse("linux/s390x"), other);
    Map<String, byte[]> layout = ImageBuilder.layoutOfIndex("many:1", images);
    var _ = layout.remove("blobs/sha256/" + other.manifest().digest().hex());
    try (LocalImageStore store = StoreFixture.open(root)) {
      Image image = StoreFixture.load(store, layout).images().getFirst();
      List<Variant> variants = store.variants("many:1");
      assertThat(variants)
          .extracting(Variant::manifest)
          .containsExactly(here.manifest().digest(), other.manifest().digest());
      assertThat(variants.getFirst().image()).contains(image);
      assertThat(variants.getFirst().contentBytes())
          .isGreaterThan(here.manifest().size() + BASE.length + TOP.length);
      assertThat(variants.getLast())
          .isEqualTo(
              new Variant(
                  Platform.parse("linux/s390x"), other.manifest().digest(), Optional.empty(), 0));
      assertThat(store.variants(image.id().toString())).containsExactly(variants.getFirst());
      assertThat(store.layersOf(image))
          .containsExactly(
              new ImageLayer(image.chainIds().getFirst(), 1),
              new ImageLayer(image.chainIds().getLast(), 2));
      assertThat(store.settled(image.id())).isEqualTo(image);
      assertThat(store.remove("many:1", RemoveOptions.DEFAULT)).isNotEmpty();
      fails(Kind.NOT_FOUND, () -> store.settled(image.id()));
    }
  }

  @Test
  void findsWhatItLoadedAfterReopening() throws IOException {
    ImageBuilder image = ImageBuilder.of(Packing.GZIP, BASE);
    try (LocalImageStore store = StoreFixture.open(root)) {
      assertThat(StoreFixture.load(store, image.dockerArchive("demo:1")).images()).hasSize(1);
    }
    try (LocalImageStore store = StoreFixture.open(root)) {
      String hex = image.id().hex();
      for (String name :
          List.of(
              "demo:1", "docker.io/library/demo:1", hex, "sha256:" + hex, hex.substring(0, 4))) {
        assertThat(store.resolve(name, Optional.empty()).id()).isEqualTo(image.id());
      }
      assertThat(store.list()).hasSize(1);
      fails(Kind.NOT_FOUND, () -> store.resolve("demo:2", Optional.empty()));
    }
  }

  @Test
  void savesTheSameBytesThatItLoaded() throws IOException {
    ImageBuilder image = ImageBuilder.of(Packing.ZSTD, BASE, TOP);
    ByteArrayOutputStream first = new ByteArrayOutputStream();
    try (LocalImageStore store = StoreFixture.open(root.resolve("1"))) {
      assertThat(StoreFixture.load(store, image.layout("example.org/demo:1")).images()).hasSize(1);
      store.save(List.of("example.org/demo:1"), Optional.empty(), first);
    }
    ByteArrayOutputStream second = new ByteArrayOutputStream();
    try (LocalImageStore store = StoreFixture.open(root.resolve("2"))) {
      Image loaded = StoreFixture.load(store, first.toByteArray()).images().getFirst();
      assertThat(loaded.manifest().digest()).isEqualTo(image.manifest().digest());
      store.save(List.of("example.org/demo:1"), Optional.empty(), second);
    }
    assertThat(second.toByteArray()).isEqualTo(first.toByteArray());
  }

  @Test
  void choosesByPlatformAndSaysWhatThereIs() throws IOException {
    Platform amd = Platform.parse("linux/amd64");
    Platform arm = Platform.parse("linux/arm64");
    Map<Platform, ImageBuilder> images = new LinkedHashMap<>();
    images.put(amd, ImageBuilder.of(amd, Packing.GZIP, BASE));
    images.put(arm, ImageBuilder.of(arm, Packing.GZIP, TOP));
    try (LocalImageStore store = StoreFixture.open(root)) {
      Map<String, byte[]> layout = ImageBuilder.layoutOfIndex("demo:1", images);
      assertThat(StoreFixture.load(store, layout).images()).hasSize(2);
      assertThat(store.resolve("demo:1", Optional.of(arm)).id()).isEqualTo(images.get(arm).id());
      assertThat(store.resolve("demo:1", Optional.of(amd)).id()).isEqualTo(images.get(amd).id());
      assertThatThrownBy(() -> store.resolve("demo:1", Optional.of(Platform.parse("linux/s390x"))))
          .hasMessageContaining("linux/amd64, linux/arm64")
          .extracting(e -> ((ImageException) e).kind())
          .isEqualTo(Kind.NO_SUCH_PLATFORM);
    }
  }

  @Test
  void savesOneOfSeveralPlatforms() throws IOException {
    Platform amd = Platform.parse("linux/amd64");
    Platform arm = Platform.parse("linux/arm64");
    Map<Platform, ImageBuilder> images = new LinkedHashMap<>();
    images.put(amd, ImageBuilder.of(amd, Packing.GZIP, BASE));
    images.put(arm, ImageBuilder.of(arm, Packing.GZIP, TOP));
    ByteArrayOutputStream saved = new ByteArrayOutputStream();
    try (LocalImageStore store = StoreFixture.open(root.resolve("1"))) {
      StoreFixture.load(store, ImageBuilder.layoutOfIndex("demo:1", images));
      store.save(List.of("demo:1"), Optional.of(arm), saved);
      Optional<Platform> none = Optional.of(Platform.parse("linux/s390x"));
      ByteArrayOutputStream nothing = new ByteArrayOutputStream();
      assertThatThrownBy(() -> store.save(List.of("demo:1"), none, nothing))
          .hasMessageContaining("linux/amd64, linux/arm64");
      assertThat(nothing.size()).isZero();
    }
    try (LocalImageStore store = StoreFixture.open(root.resolve("2"))) {
      assertThat(StoreFixture.load(store, saved.toByteArray()).images())
          .singleElement()
          .satisfies(
              image ->
                  assertThat(image.manifest().digest())
                      .isEqualTo(images.get(arm).manifest().digest()));
      assertThat(store.resolve("demo:1", Optional.of(arm)).id()).isEqualTo(images.get(arm).id());
    }
  }

  @Test
  void removesOnlyWhatNothingElseNeeds() throws IOException {
    ImageBuilder one = ImageBuilder.of(Packing.GZIP, BASE);
    ImageBuilder two = ImageBuilder.of(Packing.GZIP, BASE, TOP);
    try (LocalImageStore store = StoreFixture.open(root)) {
      Image first = StoreFixture.load(store, one.layout("demo:1")).images().getFirst();
      assertThat(StoreFixture.load(store, two.layout("demo:2")).images()).hasSize(1);
      store.tag(first.id().toString(), Reference.parse("other"));
      String hex = first.id().hex();
      fails(Kind.CONFLICT, () -> store.remove(hex, RemoveOptions.DEFAULT));
      assertThat(store.remove("other", RemoveOptions.DEFAULT))
          .containsExactly(new Removed.Untagged(Reference.parse("other:latest")));
      RemoveOptions used = new RemoveOptions(false, id -> id.equals(first.id()));
      fails(Kind.CONFLICT, () -> store.remove("demo:1", used));
      assertThat(store.remove("demo:2", RemoveOptions.DEFAULT)).hasSize(3);
      assertThat(store.layers(first).getFirst().resolve("etc/a")).hasContent("1");
      assertThat(store.remove("demo:1", RemoveOptions.DEFAULT)).hasSize(3);
      store.sweep();
      assertThat(store.list()).isEmpty();
      assertThat(StoreFixture.contents(root)).isEmpty();
    }
  }

  @Test
  void leavesAnImageThatLosesItsNameDangling() throws IOException {
    try (LocalImageStore store = StoreFixture.open(root)) {
      ImageBuilder old = ImageBuilder.of(Packing.PLAIN, BASE);
      ImageBuilder fresh = ImageBuilder.of(Packing.PLAIN, TOP);
      assertThat(StoreFixture.load(store, old.layout("demo:1")).images()).hasSize(1);
      assertThat(StoreFixture.load(store, fresh.layout("demo:1")).images()).hasSize(1);
      assertThat(store.resolve("demo:1", Optional.empty()).id()).isEqualTo(fresh.id());
      assertThat(store.resolve(old.id().hex(), Optional.empty()).references()).isEmpty();
      assertThat(store.prune(id -> false)).contains(new Removed.Deleted(old.id()));
      assertThat(store.list()).hasSize(1);
    }
  }

  @Test
  void anImageThatIsNamedWhileOthersArePrunedStays() throws IOException {
    try (LocalImageStore store = StoreFixture.open(root)) {
      ImageBuilder old = ImageBuilder.of(Packing.PLAIN, BASE);
      assertThat(StoreFixture.load(store, old.layout("")).images()).hasSize(1);
      Image nameless = store.list().getFirst();
      var ignored =
          store.prune(
              id -> {
                tag(store, nameless);
                return false;
              });
      assertThat(store.resolve("again", Optional.empty()).id()).isEqualTo(old.id());
      assertThat(store.layers(nameless).getFirst().resolve("etc/a")).hasContent("1");
    }
  }

  private static void tag(LocalImageStore store, Image image) {
    try {
      store.tag(image.id().toString(), Reference.parse("again"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void importsWithChanges() throws IOException {
    List<String> changes =
        List.of(
            "CMD [\"sh\", \"-c\"]",
            "ENTRYPOINT echo hi",
            "env A=1 B=\"two words\"",
            "EXPOSE 80 53/udp",
            "LABEL a.b=c",
            "USER 1:2",
            "VOLUME /data /more",
            "WORKDIR a",
            "WORKDIR b",
            "STOPSIGNAL SIGUSR1",
            "ONBUILD RUN true");
    ImportOptions options =
        ImportOptions.of(Optional.of(Reference.parse("mine")), changes, "hello", Optional.empty());
    try (LocalImageStore store = StoreFixture.open(root)) {
      byte[] archive = ImageBuilder.gzip(BASE);
      Image image = store.importRootfs(new ByteArrayInputStream(archive), options);
      var defaults = store.resolve("mine", Optional.empty()).config().defaults();
      assertThat(defaults.command()).containsExactly("sh", "-c");
      assertThat(defaults.entrypoint()).containsExactly("/bin/sh", "-c", "echo hi");
      assertThat(defaults.environment()).containsExactly("A=1", "B=two words");
      assertThat(defaults.exposedPorts()).containsExactly("53/udp", "80/tcp");
      assertThat(defaults.labels()).containsEntry("a.b", "c");
      assertThat(defaults.user()).isEqualTo("1:2");
      assertThat(defaults.volumes()).containsExactly("/data", "/more");
      assertThat(defaults.workingDirectory()).isEqualTo("/a/b");
      assertThat(defaults.stopSignal()).contains("SIGUSR1");
      assertThat(defaults.onBuild()).containsExactly("RUN true");
      assertThat(store.history(image).getFirst().entry().comment()).isEqualTo("hello");
      assertThat(store.layers(image).getFirst().resolve("etc/a")).hasContent("1");
      ImportOptions bad =
          ImportOptions.of(Optional.empty(), List.of("RUN true"), "", Optional.empty());
      fails(Kind.INVALID_REQUEST, () -> store.importRootfs(new ByteArrayInputStream(archive), bad));
    }
  }

  @Test
  void unpacksOnceForManyThreads() throws Exception {
    byte[][] layers = new byte[12][];
    for (int i = 0; i < layers.length; i++) {
      layers[i] = new TarBuilder().file("f" + i, "x".repeat(1000 * i)).build();
    }
    byte[] archive = ImageBuilder.tar(ImageBuilder.of(Packing.GZIP, layers).layout("many:1"));
    try (LocalImageStore store = StoreFixture.open(root);
        ExecutorService threads = Executors.newFixedThreadPool(6)) {
      List<Callable<List<Path>>> tasks = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        tasks.add(() -> store.layers(StoreFixture.load(store, archive).images().getFirst()));
      }
      for (Future<List<Path>> result : threads.invokeAll(tasks)) {
        assertThat(result.get()).hasSize(12).allSatisfy(path -> assertThat(path).isDirectory());
      }
    }
  }

  @Test
  void sweepsWhatAKilledProcessLeft() throws IOException {
    try (LocalImageStore store = StoreFixture.open(root)) {
      assertThat(StoreFixture.unpack(store, BASE)).hasSize(1);
    }
    Files.writeString(root.resolve("content/ingest/blob-1"), "half");
    Files.createDirectories(root.resolve("layers/staging-7/diff/x"));
    Files.writeString(root.resolve("layers/staging-7/diff/x/y"), "half");
    Files.writeString(root.resolve("images/abc.json.new"), "{");
    Files.writeString(root.resolve("content/blobs/sha256/" + "0".repeat(64)), "orphan");
    try (LocalImageStore store = StoreFixture.open(root)) {
      store.sweep();
      assertThat(StoreFixture.contents(root))
          .noneMatch(name -> name.matches(".*(ingest|staging|new|0000|trash).*"));
      assertThat(store.layers(store.list().getFirst())).hasSize(1);
    }
  }

  @Test
  void unpacksAgainWhatAPowerCutMayHaveHurt() throws IOException {
    List<Path> before;
    try (LocalImageStore store = StoreFixture.open(root)) {
      before = StoreFixture.unpack(store, BASE);
    }
    Path record = before.getFirst().resolveSibling("layer.json");
    String json = Files.readString(record);
    Files.writeString(record, json.replaceFirst("\"bootId\":\"[^\"]*\"", "\"bootId\":\"other\""));
    Files.writeString(before.getFirst().resolve("etc/a"), "");
    try (LocalImageStore store = StoreFixture.open(root)) {
      assertThat(store.layers(store.list().getFirst()).getFirst().resolve("etc/a")).hasContent("1");
    }
  }

  @Test
  void whatWasUnpackedReachesTheDiskAWhileLater() throws IOException {
    Path record;
    try (LocalImageStore store = open(Duration.ofHours(1))) {
      record = StoreFixture.unpack(store, BASE).getFirst().resolveSibling("layer.json");
    }
    assertThat(record).content().contains(Host.bootId());
    // An engine that ended before it came to it leaves that to the next.
    open(Duration.ZERO).close();
    assertThat(record).content().contains("\"bootId\":\"\"");
  }

  private LocalImageStore open(Duration syncDelay) throws IOException {
    return LocalImageStore.open(
        root,
        new ImageStoreOptions(
            ArchiveLimits.DEFAULT, Optional.empty(), PullLimits.DEFAULT, List.of(), syncDelay));
  }

  private static void fails(Kind kind, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOf(ImageException.class)
        .extracting(e -> ((ImageException) e).kind())
        .isEqualTo(kind);
  }

  @Test
  void aNameOfAnIndexIsGivenTheWholeIndex(@TempDir Path other) throws IOException {
    ImageBuilder here = ImageBuilder.of(Packing.PLAIN, new TarBuilder().build());
    ImageBuilder there =
        ImageBuilder.of(Platform.parse("linux/s390x"), Packing.PLAIN, new TarBuilder().build());
    Map<Platform, ImageBuilder> both = new LinkedHashMap<>();
    both.put(Platform.host(), here);
    both.put(Platform.parse("linux/s390x"), there);
    try (LocalImageStore store = StoreFixture.open(other)) {
      StoreFixture.load(store, here.layout("alone:1"));
      StoreFixture.load(store, ImageBuilder.layoutOfIndex("both:1", both));
      store.tag("both:1", Reference.parse("again:1"));
      Optional<Platform> far = Optional.of(Platform.parse("linux/s390x"));
      assertThat(store.resolve("again:1", far).id()).isEqualTo(there.id());
    }
  }
}
