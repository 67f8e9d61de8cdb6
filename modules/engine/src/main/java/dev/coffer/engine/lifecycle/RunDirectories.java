package dev.coffer.engine.lifecycle;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The directories of monitors below the run directory. */
final class RunDirectories {

  private RunDirectories() {}

  /** Removes a monitor's directory with its few files. */
  static void remove(Path directory) throws IOException {
    for (Path file : list(directory)) {
      Files.deleteIfExists(file);
    }
    Files.deleteIfExists(directory);
  }

  /** What is in a directory; nothing when there is none. */
  static List<Path> list(Path directory) throws IOException {
    List<Path> files = new ArrayList<>();
    try (var entries = Files.newDirectoryStream(directory)) {
      entries.forEach(files::add);
    } catch (NoSuchFileException none) {
      return List.of();
    }
    return files;
  }
}
