package dev.coffer.image.store;

import dev.coffer.image.ArchiveLimits;
import dev.coffer.image.CommitOptions;
import dev.coffer.image.Image;
import dev.coffer.image.ImageException;
import dev.coffer.image.ImportOptions;
import dev.coffer.image.LoadResult;
import dev.coffer.image.RemoveOptions;
import dev.coffer.image.pull.FaultyRepository;
import dev.coffer.image.pull.PullLimits;
import dev.coffer.image.pull.PullOptions;
import dev.coffer.image.transfer.TransferListener;
import dev.coffer.spec.image.Platform;
import dev.coffer.spec.image.Reference;
import dev.coffer.testkit.archive.ImageBuilder;
import dev.coffer.testkit.archive.ImageBuilder.Packing;
import dev.coffer.testkit.archive.TarBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

/**
 * What a user does with a store, as a program of its own whose system calls can be recorded. After
 * each operation it notes what the store says that it holds, and makes a mark.
 */
final class PowerCutScenario {
  private static final byte[] BASE =
      new TarBuilder()
          .directory("etc/")
          .file("etc/a", "1")
          .entry("etc/secret", '0', new byte[] {1, 2}, header -> header.mode(04750).owner(7, 8))
          .hardLink("etc/again", "etc/a")
          .symbolicLink("etc/link", "a")
          .directory("var/")
          .file("var/old", "old")
          .build();
  private static final byte[] TOP =
      new TarBuilder()
          .file("etc/b", "22")
          .file("var/.wh.old", "")
          .hardLink("etc/copied", "etc/secret")
          .build();
  private static final byte[] OTHER =
      new TarBuilder().file("var/.wh..wh..opq", "").file("var/new", "x".repeat(9000)).build();

  static final ImageBuilder ONE = ImageBuilder.of(Packing.GZIP, BASE);
  static final ImageBuilder TWO = ImageBuilder.of(Packing.GZIP, BASE, TOP);
  static final ImageBuilder THREE = ImageBuilder.of(Packing.ZSTD, BASE, OTHER);
  static final ImageBuilder FOUR = ImageBuilder.of(Packing.PLAIN, BASE, TOP, OTHER);

  /** What is committed on top of the first image, and so of it the second layer. */
  private static final byte[] MADE = new TarBuilder().file("etc/made", "by a container").build();

  private static final int PIECE = 4096;
  private static final byte[] LARGE = new TarBuilder().file("large", noise(3 * PIECE)).build();
  static final ImageBuilder COMMITTED = ImageBuilder.of(Packing.GZIP, BASE, MADE);
  static final ImageBuilder PULLED = ImageBuilder.of(Packing.GZIP, BASE, LARGE, TOP);
  static final Reference PULLED_NAME = Reference.parse("registry.test/image:1");
  private static final PullLimits PULL =
      new PullLimits(
          3,
          PIECE,
          2,
          2,
          1024,
          Duration.ofSeconds(5),
          100,
          Duration.ofMillis(1),
          Duration.ofMillis(2));
  private static final RemoveOptions REMOVE = RemoveOptions.DEFAULT;

  private final Path root;
  private final Path notes;
  private int marks;

  private PowerCutScenario(Path root, Path notes) {
    this.root = root;
    this.notes = notes;
  }

  /** Arguments: one of {@link Story}, the data root, a directory for marks and notes. */
  public static void main(String[] arguments) throws Exception {
    Path notes = Path.of(arguments[2]);
    new PowerCutScenario(Path.of(arguments[1]), notes).play(Story.valueOf(arguments[0]));
  }

  /** What can happen. */
  enum Story {
    LOAD_TAG_REMOVE,
    IMPORT_AND_FAIL,
    SEVERAL_AT_ONCE,
    MANY_PLATFORMS,
    FOREIGN,
    COMMIT,
    RESUMED_PULL
  }

  private void play(Story story) throws Exception {
    switch (story) {
      case LOAD_TAG_REMOVE -> loadTagRemove();
      case IMPORT_AND_FAIL -> importAndFail();
      case SEVERAL_AT_ONCE -> severalAtOnce();
      case MANY_PLATFORMS -> manyPlatforms();
      case FOREIGN -> foreign();
      case COMMIT -> commit();
      case RESUMED_PULL -> resumedPull();
    }
  }

  private void loadTagRemove() throws IOException {
    try (LocalImageStore store = open()) {
      Image one = load(store, ONE, "demo:1");
      mark(store);
      Image two = load(store, TWO, "demo:2");
      mark(store);
      store.tag(one.id().toString(), Reference.parse("other:1"));
      mark(store);
      // Moves a name away from an image that has another, and then from one that has none.
      store.tag(two.id().toString(), Reference.parse("demo:1"));
      mark(store);
      Image three = load(store, THREE, "other:1");
      mark(store);
      store.prune(_ -> false);
      mark(store);
      store.remove("demo:1", REMOVE);
      mark(store);
      store.tag(three.id().toString(), Reference.parse("demo:2"));
      mark(store);
    }
    try (LocalImageStore store = open()) {
      mark(store);
      store.remove("other:1", REMOVE);
      mark(store);
      store.remove(TWO.id().hex(), REMOVE);
      mark(store);
      load(store, TWO, "demo:2");
      mark(store);
    }
  }

  private void importAndFail() throws IOException {
    try (LocalImageStore store = open()) {
      Optional<Reference> name = Optional.of(Reference.parse("mine"));
      ImportOptions options = ImportOptions.of(name, List.of("CMD x"), "", Optional.empty());
      store.importRootfs(new ByteArrayInputStream(ImageBuilder.gzip(BASE)), options);
      mark(store);
      Map<String, byte[]> broken = new LinkedHashMap<>(TWO.layout("broken"));
      String layer = "blobs/sha256/" + TWO.layers().getLast().digest().hex();
      broken.put(layer, ImageBuilder.gzip(OTHER));
      try {
        LoadResult unexpected = StoreFixture.load(store, broken);
        throw new IllegalStateException("loaded what is broken: " + unexpected);
      } catch (ImageException expected) {
        mark(store);
      }
      // Each name by itself: that all of an archive's are there, or none, is only so without a cut.
      var ignored = StoreFixture.load(store, ImageBuilder.layoutOf(Map.of("a:1", ONE, "b:1", TWO)));
      mark(store);
      ImportOptions unnamed = ImportOptions.of(Optional.empty(), List.of(), "", Optional.empty());
      store.importRootfs(new ByteArrayInputStream(OTHER), unnamed);
      mark(store);
      store.remove("mine", REMOVE);
      mark(store);
    }
  }

  private void severalAtOnce() throws Exception {
    try (LocalImageStore store = open();
        ExecutorService threads = Executors.newFixedThreadPool(3)) {
      mark(store);
      List<Future<Image>> loads = new ArrayList<>();
      loads.add(threads.submit(() -> load(store, TWO, "demo:2")));
      loads.add(threads.submit(() -> load(store, THREE, "demo:3")));
      loads.add(threads.submit(() -> load(store, FOUR, "demo:4")));
      for (Future<Image> each : loads) {
        each.get();
      }
      mark(store);
      Future<?> removal = threads.submit(() -> store.remove("demo:3", REMOVE));
      Future<Image> loading = threads.submit(() -> load(store, ONE, "demo:1"));
      removal.get();
      loading.get();
      mark(store);
    }
  }

  private void manyPlatforms() throws IOException {
    Platform arm = Platform.parse("linux/arm64");
    Map<Platform, ImageBuilder> images = new LinkedHashMap<>();
    images.put(Platform.parse("linux/amd64"), TWO);
    images.put(arm, ImageBuilder.of(arm, Packing.GZIP, OTHER));
    byte[] archive = ImageBuilder.tar(ImageBuilder.layoutOfIndex("demo:1", images));
    try (LocalImageStore store = open()) {
      store.load(new ByteArrayInputStream(archive), Optional.of(arm));
      mark(store);
      Image some = store.load(new ByteArrayInputStream(archive), Optional.empty()).images().get(0);
      mark(store);
      store.tag(some.id().toString(), Reference.parse("again"));
      mark(store);
      store.remove("demo:1", REMOVE);
      mark(store);
    }
  }

  /** What cannot run here is not unpacked, so that nothing syncs on its behalf. */
  private void foreign() throws IOException {
    Map<Platform, ImageBuilder> images = new LinkedHashMap<>();
    for (String name : List.of("linux/s390x", "linux/ppc64le")) {
      Platform platform = Platform.parse(name);
      images.put(platform, ImageBuilder.of(platform, Packing.GZIP, BASE, TOP));
    }
    try (LocalImageStore store = open()) {
      Image image =
          StoreFixture.load(store, ImageBuilder.layoutOfIndex("demo:1", images))
              .images()
              .getFirst();
      mark(store);
      store.tag(image.id().toString(), Reference.parse("again"));
      mark(store);
    }
  }

  private void commit() throws IOException {
    try (LocalImageStore store = open()) {
      Image one = load(store, ONE, "demo:1");
      mark(store);
      commit(store, one, "made:1", MADE);
      mark(store);
      // Moves the name; what had it stays without one.
      commit(store, one, "made:1", TOP);
      mark(store);
      try {
        commit(store, one, "made:1", new byte[] {1, 2, 3});
        throw new IllegalStateException("committed what is broken");
      } catch (ImageException expected) {
        mark(store);
      }
      store.remove("demo:1", REMOVE);
      mark(store);
      store.prune(_ -> false);
      mark(store);
    }
  }

  private static void commit(LocalImageStore store, Image base, String name, byte[] layer)
      throws IOException {
    var ignored =
        store.commit(
            base,
            out -> {
              out.write(layer);
              return 1;
            },
            new CommitOptions(
                Optional.of(Reference.parse(name)),
                base.config().defaults(),
                List.of(),
                "",
                "",
                "",
                Optional.of(Instant.EPOCH)));
  }

  /** A pull that breaks in the middle of a layer, another process that goes on with it. */
  private void resumedPull() throws IOException {
    FaultyRepository broken = repository();
    broken.sendBy(
        PULLED.layers().get(1).digest(),
        (blob, bytes, offset, length) -> {
          if (offset >= 2 * PIECE) {
            throw new IOException("gone");
          }
          return FaultyRepository.HONEST.send(blob, bytes, offset, length);
        });
    try (LocalImageStore store = openToPull(root)) {
      pull(store, broken);
      throw new IllegalStateException("pulled what is broken");
    } catch (ImageException expected) {
      // Goes on below.
    }
    try (LocalImageStore store = openToPull(root)) {
      mark(store);
      pull(store, repository());
      mark(store);
      store.remove(PULLED_NAME.toString(), REMOVE);
      mark(store);
    }
  }

  /** The registry of the image that is pulled, in order. */
  static FaultyRepository repository() {
    return new FaultyRepository("1", PULLED.layout("1"));
  }

  static void pull(LocalImageStore store, FaultyRepository from) throws IOException {
    var ignored = store.pull(PULLED_NAME, from, PullOptions.DEFAULT, TransferListener.NONE);
  }

  /** A store that pulls in pieces that are smaller than the image's layer. */
  static LocalImageStore openToPull(Path root) throws IOException {
    return LocalImageStore.open(
        root,
        new ImageStoreOptions(
            ArchiveLimits.DEFAULT, Optional.empty(), PULL, List.of(), Duration.ZERO));
  }

  private static byte[] noise(int size) {
    byte[] noise = new byte[size];
    new Random(1).nextBytes(noise);
    return noise;
  }

  private LocalImageStore open() throws IOException {
    return openToPull(root);
  }

  private static Image load(LocalImageStore store, ImageBuilder image, String name)
      throws IOException {
    return StoreFixture.load(store, image.layout(name)).images().getFirst();
  }

  private void mark(LocalImageStore store) throws IOException {
    marks++;
    Files.write(notes.resolve(marks + ".txt"), holdings(store).values());
    Files.createDirectory(notes.resolve("marks").resolve(Integer.toString(marks)));
  }

  /** What a store says that it holds: each name, and each image without one, with what it is. */
  static Map<String, String> holdings(LocalImageStore store) {
    Map<String, String> lines = new TreeMap<>();
    BiConsumer<String, Image> add =
        (key, image) -> {
          String id = image.id().shortHex() + " by " + image.manifest().digest().shortHex();
          lines.merge(key, key + " is " + id, (one, two) -> one + " and " + two);
        };
    for (Image image : store.list()) {
      image.references().forEach(name -> add.accept(name.toString(), image));
      if (image.references().isEmpty()) {
        add.accept("nameless " + image.id().shortHex(), image);
      }
    }
    return lines;
  }

  /** What {@link #holdings} was at a mark. */
  static Map<String, String> holdings(Path notes, int mark) throws IOException {
    Path file = notes.resolve(mark + ".txt");
    if (!Files.exists(file)) {
      return Map.of();
    }
    return Files.readAllLines(file).stream()
        .collect(Collectors.toMap(line -> line.substring(0, line.indexOf(" is ")), line -> line));
  }
}
