package dev.coffer.runtime.oci;

import dev.coffer.runtime.cache.Recent;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;

/**
 * Records of containers that were read before: those whose files have not changed for a while are
 * known by them without reading, the others by their text.
 */
final class KnownRecords {
  private static final int MOST = 1_000;

  /** A usual record has 3 to 8 KiB; its annotations are what strangers have to say. */
  private static final long HEAVIEST = 8 << 20;

  private final Recent<RecordFile, Optional<ContainerRecord>> byFile =
      new Recent<>(MOST, HEAVIEST, (file, _) -> file.size());
  private final Recent<String, Optional<ContainerRecord>> byText =
      new Recent<>(MOST, HEAVIEST, (text, _) -> text.length());

  /** The record in a directory whose file was just looked at. */
  Optional<ContainerRecord> of(StateDirectory directory, RecordFile file) throws IOException {
    return file.isSettled(Instant.now()) ? byFile.get(file, _ -> read(directory)) : read(directory);
  }

  private Optional<ContainerRecord> read(StateDirectory directory) throws IOException {
    Optional<String> text = directory.recordText();
    return text.isPresent() ? byText.get(text.get(), directory::parse) : Optional.empty();
  }
}
