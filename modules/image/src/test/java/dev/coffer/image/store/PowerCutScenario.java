package dev.coffer.image.store;

import dev.coffer.image.Image;
import dev.coffer.image.ImageException;
import dev.coffer.image.ImportOptions;
import dev.coffer.image.LoadResult;
import dev.coffer.image.RemoveOptions;
import dev.coffer.spec.image.Platform;
import dev.coffer.spec.image.Reference;
import dev.coffer.testkit.archive.ImageBuilder;
import dev.coffer.testkit.archive.ImageBuilder.Packing;
import dev.coffer.testkit.archive.TarBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    FOREIGN
  }

  private void play(Story story) throws Exception {
    switch (story) {
      case LOAD_TAG_REMOVE -> loadTagRemove();
      case IMPORT_AND_FAIL -> importAndFail();
      case SEVERAL_AT_ONCE -> severalAtOnce();
      case MANY_PLATFORMS -> manyPlatforms();
      case FOREIGN -> foreign();
    }
  }

  private void loadTagRemove() throws IOException {
    try (LocalImageStore store = open()) {
      Image one = load(store, ONE, "demo:1");
      mark(store);
      Image two = load(store, TWO, "demo:2");
      mark(store);
      store.tag(one, Reference.parse("other:1"));
      mark(store);
      // Moves a name away from an image that has another, and then from one that has none.
      store.tag(two, Reference.parse("demo:1"));
      mark(store);
      Image three = load(store, THREE, "other:1");
      mark(store);
      store.prune(_ -> false);
      mark(store);
      store.remove("demo:1", REMOVE);
      mark(store);
      store.tag(three, Reference.parse("demo:2"));
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
      store.tag(some, Reference.parse("again"));
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
      store.tag(image, Reference.parse("again"));
      mark(store);
    }
  }

  private LocalImageStore open() throws IOException {
    return StoreFixture.open(root);
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
