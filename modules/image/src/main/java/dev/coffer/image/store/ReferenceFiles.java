package dev.coffer.image.store;

import dev.coffer.image.content.ContentStore;
import dev.coffer.spec.SpecException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** The records below {@code images/}. Each change is on the disk when its method returns. */
final class ReferenceFiles {
  private static final String ENDING = ".json";

  private final Path directory;

  /** Makes the directory if it is missing and sweeps what a killed process left. */
  ReferenceFiles(Path directory) throws IOException {
    this.directory = Files.createDirectories(directory);
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.new")) {
      for (Path file : files) {
        Files.delete(file);
      }
    }
  }

  /** All records. One that cannot be read is passed over with a warning, and stays. */
  List<ReferenceRecord> list() throws IOException {
    return list(directory);
  }

  /** The records of a directory that is not ours to change; none when it is not there. */
  static List<ReferenceRecord> list(Path directory) throws IOException {
    if (Files.notExists(directory)) {
      return List.of();
    }
    List<ReferenceRecord> records = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*" + ENDING)) {
      for (Path file : files) {
        try {
          records.add(ReferenceRecord.read(file.toString(), Files.readAllBytes(file)));
        } catch (SpecException e) {
          System.getLogger(ReferenceFiles.class.getName())
              .log(System.Logger.Level.WARNING, "cannot read an image's record", e);
        }
      }
    }
    return records;
  }

  void write(ReferenceRecord record) throws IOException {
    Path temporary = directory.resolve(record.fileName() + ".new");
    try (FileChannel channel =
        FileChannel.open(
            temporary,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer json = ByteBuffer.wrap(record.write());
      while (json.hasRemaining()) {
        channel.write(json);
      }
      channel.force(true);
    }
    Files.move(temporary, directory.resolve(record.fileName()), StandardCopyOption.ATOMIC_MOVE);
    ContentStore.syncDirectory(directory);
  }

  void delete(ReferenceRecord record) throws IOException {
    if (Files.deleteIfExists(directory.resolve(record.fileName()))) {
      ContentStore.syncDirectory(directory);
    }
  }
}
