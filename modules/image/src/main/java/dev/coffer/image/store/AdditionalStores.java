package dev.coffer.image.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The file {@code additional-stores} of a data root: a data root a line whose images are used, too,
 * and never changed. Empty lines and such that begin with # say nothing.
 */
public final class AdditionalStores {
  private static final String NAME = "additional-stores";

  private AdditionalStores() {}

  /**
   * The data roots that are listed; one that is not there is passed over with a warning.
   *
   * @throws IllegalArgumentException when a line is no absolute path, or names the root itself
   */
  public static List<Path> of(Path dataRoot) throws IOException {
    Path file = dataRoot.resolve(NAME);
    if (Files.notExists(file)) {
      return List.of();
    }
    List<Path> roots = new ArrayList<>();
    for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
      String text = line.strip();
      if (!text.isEmpty() && !text.startsWith("#")) {
        add(roots, file, dataRoot, text);
      }
    }
    return List.copyOf(roots);
  }

  private static void add(List<Path> roots, Path file, Path dataRoot, String text)
      throws IOException {
    Path root = Path.of(text);
    if (!root.isAbsolute()) {
      throw new IllegalArgumentException(
          "invalid line \"%s\" in %s: expected an absolute path".formatted(text, file));
    }
    if (!Files.isDirectory(root)) {
      System.getLogger(AdditionalStores.class.getName())
          .log(System.Logger.Level.WARNING, "additional store " + root + " is not there");
      return;
    }
    if (Files.isSameFile(root, dataRoot)) {
      throw new IllegalArgumentException(
          "invalid line \"%s\" in %s: a store cannot be its own additional one"
              .formatted(text, file));
    }
    roots.add(root);
  }
}
