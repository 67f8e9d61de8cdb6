package dev.coffer.image.snapshot;

import dev.coffer.spec.image.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * Directories by the ids of images, each made once and by a rename.
 *
 * <pre>
 *   &lt;hex of the image's id&gt;/       made
 *   &lt;hex&gt;.new/                    being made; swept at the next start
 * </pre>
 */
final class OncePerImage {
  private static final String UNFINISHED = ".new";

  private final Path directory;
  private final Map<String, Path> made = new ConcurrentHashMap<>();
  private final Map<String, Object> locks = new ConcurrentHashMap<>();

  /** Directories in this one. */
  OncePerImage(Path directory) {
    this.directory = directory;
  }

  /** Fills a directory that is empty. */
  interface Making {
    void in(Path unfinished) throws IOException;
  }

  /** The directory of an image, which is asked of the disk once. */
  Path of(String imageId, Making making) throws IOException {
    Path known = made.get(imageId);
    if (known != null) {
      return known;
    }
    synchronized (locks.computeIfAbsent(imageId, _ -> new Object())) {
      Path place = directory.resolve(Digest.parse(imageId).hex());
      if (!Files.isDirectory(place)) {
        Path unfinished = place.resolveSibling(place.getFileName() + UNFINISHED);
        Leftovers.remove(unfinished);
        Files.createDirectories(unfinished);
        making.in(unfinished);
        Files.move(unfinished, place);
      }
      made.put(imageId, place);
      return place;
    }
  }

  /** Those whose image is gone, and those that were never finished. */
  List<Path> unused(Predicate<String> isImage) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (var entries = Files.list(directory)) {
      return entries.filter(place -> !isOfImage(place, isImage)).toList();
    }
  }

  private static boolean isOfImage(Path place, Predicate<String> isImage) {
    try {
      return isImage.test(Digest.ofHex(place.getFileName().toString()).toString());
    } catch (IllegalArgumentException unfinished) {
      return false;
    }
  }
}
