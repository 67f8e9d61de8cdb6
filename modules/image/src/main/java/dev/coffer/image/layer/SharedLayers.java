package dev.coffer.image.layer;

import dev.coffer.kernel.Directory;
import dev.coffer.kernel.DirectoryEntry;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.OpenFlags;
import dev.coffer.spec.image.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Unpacked layers of other stores, used where they are and never changed. */
final class SharedLayers {
  private static final int DIRECTORY = OpenFlags.RDONLY | OpenFlags.DIRECTORY;

  /**
   * A layer.
   *
   * @param record what is known of it
   * @param files its directory to mount
   */
  record Shared(LayerRecord record, Path files) {}

  private final Map<Digest, Shared> layers = new HashMap<>();

  /**
   * Looks once at what is there. A layer whose record was never made durable is passed over when
   * the machine was started anew since.
   *
   * @param roots the directories of the other stores' layers
   */
  SharedLayers(List<Path> roots, String bootId) throws IOException {
    for (Path root : roots) {
      if (Files.isDirectory(root)) {
        read(root, bootId);
      }
    }
  }

  private void read(Path root, String bootId) throws IOException {
    try (Fd directory = FileOpen.path(root.toString(), DIRECTORY)) {
      for (DirectoryEntry entry : Directory.list(directory)) {
        try (Fd layer = FileOpen.at(directory, entry.name(), DIRECTORY | OpenFlags.NOFOLLOW, 0)) {
          Optional<LayerRecord> record = RecordFile.read(layer);
          if (record.isPresent()
              && record.get().chainId().hex().equals(entry.name())
              && (record.get().bootId().isEmpty() || record.get().bootId().equals(bootId))) {
            Path files = root.resolve(entry.name()).resolve(Staging.FILES);
            layers.putIfAbsent(record.get().chainId(), new Shared(record.get(), files));
          }
        }
      }
    }
  }

  /** A layer by its chain id. */
  Optional<Shared> find(Digest chainId) {
    return Optional.ofNullable(layers.get(chainId));
  }
}
