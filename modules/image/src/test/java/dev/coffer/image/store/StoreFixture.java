package dev.coffer.image.store;

import dev.coffer.image.ArchiveLimits;
import dev.coffer.image.Image;
import dev.coffer.image.LoadResult;
import dev.coffer.testkit.archive.ImageBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What tests of the store do often. */
final class StoreFixture {
  private StoreFixture() {}

  static LocalImageStore open(Path root) throws IOException {
    return LocalImageStore.open(root, ImageStoreOptions.DEFAULT);
  }

  static LocalImageStore open(Path root, ArchiveLimits limits) throws IOException {
    return LocalImageStore.open(root, new ImageStoreOptions(limits, Optional.empty()));
  }

  static LoadResult load(LocalImageStore store, byte[] archive) throws IOException {
    return store.load(new ByteArrayInputStream(archive), Optional.empty());
  }

  static LoadResult load(LocalImageStore store, Map<String, byte[]> files) throws IOException {
    return load(store, ImageBuilder.tar(files));
  }

  /** Loads an image of plain layers and gives the directories to mount, lowest first. */
  static List<Path> unpack(LocalImageStore store, byte[]... layers) throws IOException {
    ImageBuilder image = ImageBuilder.of(ImageBuilder.Packing.PLAIN, layers);
    Image loaded = load(store, image.layout("test/image:1")).images().getFirst();
    return store.layers(loaded);
  }

  /** All files below a data root that belong to images, without those of an empty store. */
  static List<String> contents(Path root) throws IOException {
    List<String> found = new ArrayList<>();
    List<String> roots = List.of("content/blobs", "content/ingest", "images", "layers", "trash");
    for (String each : roots) {
      Path directory = root.resolve(each);
      if (Files.exists(directory)) {
        try (Stream<Path> tree = Files.walk(directory)) {
          tree.filter(path -> !Files.isDirectory(path) || path.toString().contains("staging"))
              .map(path -> root.relativize(path).toString())
              .forEach(found::add);
        }
      }
    }
    return found;
  }
}
