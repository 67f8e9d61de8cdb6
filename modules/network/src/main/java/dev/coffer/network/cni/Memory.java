package dev.coffer.network.cni;

import dev.coffer.spec.SpecException;
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
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * What plugins were asked for, one file each, so that whoever comes after a crash can have it taken
 * back: the file is there before a plugin is called, and goes once all of them have said that
 * nothing is left.
 *
 * @param directory made when it is first needed
 */
record Memory(Path directory) {

  void put(Remembered place) throws IOException {
    Files.createDirectories(
        directory,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Path file = file(place);
    Path made = file.resolveSibling(file.getFileName() + ".new");
    Files.write(made, Json.bytes(place.json()));
    Files.move(made, file, StandardCopyOption.ATOMIC_MOVE);
  }

  void remove(Remembered place) throws IOException {
    Files.deleteIfExists(file(place));
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
    long place = hash((device + " " + network).getBytes(StandardCharsets.UTF_8));
    return directory.resolve(containerId + "-" + HexFormat.of().toHexDigits(place) + ".json");
  }

  /** FNV-1a. */
  private static long hash(byte[] bytes) {
    long hash = 0xcbf29ce484222325L;
    for (byte each : bytes) {
      hash = (hash ^ (each & 0xff)) * 0x100000001b3L;
    }
    return hash;
  }
}
