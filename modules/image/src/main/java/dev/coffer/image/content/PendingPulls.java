package dev.coffer.image.content;

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
import java.util.Set;

/**
 * What pulls need that have not come to their end: blobs, arriving or whole, and unpacked layers
 * that no reference keeps yet. A pull that broke is gone on with by the next for the same name.
 * After a while it is given up.
 *
 * <p>One file for each pull, not synced: when it is lost, so is only what can be fetched again.
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
   */
  public record Needed(Set<Digest> blobs, Set<Digest> chainIds) {
    public Needed {
      blobs = Set.copyOf(blobs);
      chainIds = Set.copyOf(chainIds);
    }
  }

  /** Notes what a pull needs, instead of what was noted of it before. */
  public synchronized void note(String name, Needed needed) throws IOException {
    JsonObject json =
        JsonObject.builder()
            .put("schemaVersion", VERSION)
            .put("name", name)
            .putStrings("blobs", needed.blobs.stream().map(Digest::toString).sorted().toList())
            .putStrings(
                "chainIds", needed.chainIds.stream().map(Digest::toString).sorted().toList())
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
    if (Files.notExists(directory)) {
      return new Needed(blobs, chainIds);
    }
    Instant oldest = Instant.now().minus(GIVEN_UP);
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.json")) {
      for (Path file : files) {
        if (Files.getLastModifiedTime(file).toInstant().isBefore(oldest)
            || !read(file, blobs, chainIds)) {
          Files.deleteIfExists(file);
        }
      }
    }
    return new Needed(blobs, chainIds);
  }

  private static boolean read(Path file, Set<Digest> blobs, Set<Digest> chainIds)
      throws IOException {
    try {
      JsonCursor at = JsonCursor.read(file.toString(), Files.readAllBytes(file), Limits.STATE);
      at.field("schemaVersion").integer(VERSION, VERSION);
      blobs.addAll(at.field("blobs").list(blob -> blob.parse(Digest::parse)));
      chainIds.addAll(at.field("chainIds").list(chainId -> chainId.parse(Digest::parse)));
      return true;
    } catch (SpecException torn) {
      return false;
    }
  }
}
