package dev.coffer.network.cni;

import dev.coffer.kernel.AtomicFile;
import dev.coffer.kernel.Errno;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.Flock;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.OpenFlags;
import dev.coffer.spec.SpecException;
import dev.coffer.spec.image.Digest;
import dev.coffer.spec.json.Json;
import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.Limits;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * What plugins were asked for, one file each, so that whoever comes after a crash can have it taken
 * back: the file is there before a plugin is called, and goes once all of them have said that
 * nothing is left. Beside it is what the last of them has answered, which it goes on to do when
 * nobody is there any more to hear it.
 *
 * @param directory made when it is first needed
 */
record Memory(Path directory) {

  private static final Duration GLANCE = Duration.ofMillis(50);
  private static final int PLACE_DIGITS = 16;
  private static final int ANSWER_BYTES = 1 << 20;

  void put(Remembered place) throws IOException {
    Files.createDirectories(
        directory,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    AtomicFile.write(file(place), Json.bytes(place.json()), false);
  }

  void remove(Remembered place) throws IOException {
    removeAnswer(place);
    Files.deleteIfExists(file(place));
  }

  /** Says that all plugins have answered. */
  void removeAnswer(Remembered place) throws IOException {
    Files.deleteIfExists(answer(place));
  }

  /** Where a plugin's answer is kept. */
  Path answer(Remembered place) {
    return directory.resolve(file(place).getFileName() + ".answer");
  }

  /**
   * The same place with what the last plugin that was called for it has given, if it has; waits for
   * one that still works, which an engine that was killed has left.
   */
  Remembered settled(Remembered place, Duration patience) throws IOException {
    try (Fd answer =
        FileOpen.path(answer(place).toString(), OpenFlags.RDONLY | OpenFlags.NOFOLLOW)) {
      long deadline = System.nanoTime() + patience.toNanos();
      while (!Flock.tryShared(answer) && System.nanoTime() - deadline < 0) {
        LockSupport.parkNanos(GLANCE.toNanos());
      }
    } catch (KernelException e) {
      if (e.is(Errno.ENOENT)) {
        return place;
      }
      throw e;
    }
    return result(answer(place))
        .map(
            given ->
                new Remembered(
                    place.network(), place.version(), place.attachment(), Optional.of(given)))
        .orElse(place);
  }

  private static Optional<CniResult> result(Path answer) throws IOException {
    try {
      if (Files.size(answer) > ANSWER_BYTES) {
        return Optional.empty();
      }
      JsonCursor cursor =
          JsonCursor.read(answer.toString(), Files.readAllBytes(answer), Limits.CONFIG);
      boolean isError = cursor.field("code").isPresent();
      return isError ? Optional.empty() : Optional.of(CniResult.parse(cursor));
    } catch (SpecException unfinished) {
      return Optional.empty();
    }
  }

  Optional<Remembered> find(String network, String containerId, String device) throws IOException {
    return read(file(network, containerId, device));
  }

  List<Remembered> all() {
    List<Remembered> found = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.json")) {
      for (Path file : files) {
        read(file).ifPresent(found::add);
      }
    } catch (NoSuchFileException none) {
      return List.of();
    } catch (IOException e) {
      warn("cannot read " + directory, e);
    }
    return found;
  }

  private static Optional<Remembered> read(Path file) throws IOException {
    try {
      return Optional.of(
          Remembered.parse(
              JsonCursor.read(file.toString(), Files.readAllBytes(file), Limits.STATE)));
    } catch (NoSuchFileException removed) {
      return Optional.empty();
    } catch (SpecException | IllegalArgumentException e) {
      // A person may look at it; nobody knows what to take back.
      warn("cannot read " + file, e);
      return Optional.empty();
    }
  }

  private static void warn(String what, Exception cause) {
    System.getLogger(Memory.class.getName())
        .log(Level.WARNING, what + ": " + cause.getMessage(), cause);
  }

  private Path file(Remembered place) {
    Attachment attachment = place.attachment();
    return file(place.network().name(), attachment.containerId(), attachment.device());
  }

  /** Names of networks and devices may be longer together than a file's, and have any letters. */
  private Path file(String network, String containerId, String device) {
    byte[] place = (device + " " + network).getBytes(StandardCharsets.UTF_8);
    String digits = Digest.ofBytes(place).hex().substring(0, PLACE_DIGITS);
    return directory.resolve(containerId + "-" + digits + ".json");
  }
}
