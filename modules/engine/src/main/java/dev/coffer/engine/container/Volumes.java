package dev.coffer.engine.container;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * The volumes of a data root: {@code volumes/<name>/_data}. A volume exists while its directory
 * does.
 */
public final class Volumes {

  private static final String DATA = "_data";

  private final Path root;
  private final Path trash;

  /** The volumes below a data root. */
  public Volumes(Path dataRoot) throws IOException {
    this.root = dataRoot.resolve("volumes");
    this.trash = dataRoot.resolve("trash").resolve("containers");
    Files.createDirectories(root);
    Files.createDirectories(trash);
  }

  /** Where a volume's files are, whether or not it exists. */
  public Path data(String name) {
    return root.resolve(name).resolve(DATA);
  }

  /** The names of all volumes. */
  public List<String> names() throws IOException {
    try (Stream<Path> entries = Files.list(root)) {
      return entries.map(each -> each.getFileName().toString()).sorted().toList();
    }
  }

  /** Makes a volume that is missing. */
  public void ensure(String name) throws IOException {
    Files.createDirectories(data(name));
  }

  /** Whether nothing is in a volume. */
  public boolean isEmpty(String name) throws IOException {
    try (var entries = Files.newDirectoryStream(data(name))) {
      return !entries.iterator().hasNext();
    }
  }

  /** A fresh directory beside a volume's data, to be filled and then put in its place. */
  public Path beginFill(String name) throws IOException {
    return Files.createTempDirectory(root.resolve(name), "fill-");
  }

  /** Puts a filled directory in the place of a volume's data, which must be empty. */
  public void endFill(String name, Path filled) throws IOException {
    Files.move(filled, data(name), StandardCopyOption.ATOMIC_MOVE);
  }

  /** Moves a volume out of the way at once; its files are deleted with the rest of the trash. */
  public void discard(String name, String trashName) throws IOException {
    try {
      Files.move(root.resolve(name), trash.resolve(trashName), StandardCopyOption.ATOMIC_MOVE);
    } catch (NoSuchFileException gone) {
      // Removed by an earlier try.
    }
  }
}
