package dev.coffer.image.content;

import dev.coffer.kernel.Host;
import dev.coffer.spec.SpecException;
import dev.coffer.spec.image.Digest;
import dev.coffer.spec.json.Json;
import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.JsonObject;
import dev.coffer.spec.json.Limits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What pulls need that have not come to their end: blobs, arriving or whole, and unpacked layers
 * that no reference keeps yet. A pull that broke is gone on with by the next for the same name.
 * After a while it is given up.
 *
 * <p>One file for each pull, not synced: when it is lost, so is only what can be fetched again. Nor
 * is what it names, so that of a pull of an earlier boot nothing can be believed but by its digest.
 */
public final class PendingPulls {
  private static final Duration GIVEN_UP = Duration.ofHours(24);
  private static final int VERSION = 1;

  private final Path directory;

  PendingPulls(Path directory) {
    this.directory = directory;
  }

  /**
   * What is kept for pulls.
   *
   * @param blobs whole or arriving
   * @param chainIds unpacked layers
   * @param doubtful blobs that pulls of an earlier boot need; their bytes may not be what was
   *     written
   */
  public record Needed(Set<Digest> blobs, Set<Digest> chainIds, Set<Digest> doubtful) {
    public Needed {
      blobs = Set.copyOf(blobs);
      chainIds = Set.copyOf(chainIds);
      doubtful = Set.copyOf(doubtful);
    }

    /** Blobs that may be gone on with where they have not arrived. */
    public Set<Digest> arriving() {
      Set<Digest> all = new HashSet<>(blobs);
      all.addAll(doubtful);
      return all;
    }
  }

  /**
   * Notes what a pull needs, instead of what was noted of it before.
   *
   * @param blobs whole or arriving
   * @param chainIds unpacked layers
   */
  public synchronized void note(String name, Set<Digest> blobs, Set<Digest> chainIds)
      throws IOException {
    JsonObject json =
        JsonObject.builder()
            .put("schemaVersion", VERSION)
            .put("name", name)
            .put("bootId", Host.bootId())
            .putStrings("blobs", blobs.stream().map(Digest::toString).sorted().toList())
            .putStrings("chainIds", chainIds.stream().map(Digest::toString).sorted().toList())
            .build();
    Path file = file(name);
    Files.createDirectories(directory);
    Path temporary = directory.resolve(file.getFileName() + ".new");
    Files.write(temporary, Json.bytes(json));
    Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Forgets a pull: it has come to its end. */
  public synchronized void forget(String name) throws IOException {
    Files.deleteIfExists(file(name));
  }

  /** Forgets all pulls. */
  public synchronized void forgetAll() throws IOException {
    if (Files.notExists(directory)) {
      return;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        Files.delete(file);
      }
    }
  }

  private Path file(String name) {
    return directory.resolve(Digest.ofBytes(name.getBytes(StandardCharsets.UTF_8)).hex() + ".json");
  }

  /** All that is needed; what was given up is forgotten, and so is what cannot be read. */
  public synchronized Needed needed() throws IOException {
    Set<Digest> blobs = new HashSet<>();
    Set<Digest> chainIds = new HashSet<>();
    Set<Digest> doubtful = new HashSet<>();
    if (Files.notExists(directory)) {
      return new Needed(blobs, chainIds, doubtful);
    }
    String boot = Host.bootId();
    Instant oldest = Instant.now().minus(GIVEN_UP);
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.json")) {
      for (Path file : files) {
        Optional<Note> note = read(file);
        if (Files.getLastModifiedTime(file).toInstant().isBefore(oldest) || note.isEmpty()) {
          Files.deleteIfExists(file);
        } else if (note.get().bootId().equals(boot)) {
          blobs.addAll(note.get().blobs());
          chainIds.addAll(note.get().chainIds());
        } else {
          doubtful.addAll(note.get().blobs());
        }
      }
    }
    return new Needed(blobs, chainIds, doubtful);
  }

  private record Note(String bootId, List<Digest> blobs, List<Digest> chainIds) {}

  private static Optional<Note> read(Path file) throws IOException {
    try {
      JsonCursor at = JsonCursor.read(file.toString(), Files.readAllBytes(file), Limits.STATE);
      at.field("schemaVersion").integer(VERSION, VERSION);
      return Optional.of(
          new Note(
              at.field("bootId").stringOrEmpty(),
              at.field("blobs").list(blob -> blob.parse(Digest::parse)),
              at.field("chainIds").list(chainId -> chainId.parse(Digest::parse))));
    } catch (SpecException torn) {
      return Optional.empty();
    }
  }
}
