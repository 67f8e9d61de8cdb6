package dev.coffer.image.snapshot;

import dev.coffer.image.layer.TreeRemoval;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.OpenFlags;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** Removes directories that an attempt left behind. */
final class Leftovers {
  private Leftovers() {}

  /** Removes a directory with all that is in it, if it is there. */
  static void remove(Path directory) throws IOException {
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (Fd content = FileOpen.path(directory.toString(), OpenFlags.RDONLY | OpenFlags.DIRECTORY)) {
      new TreeRemoval(content).empty();
    }
    Files.delete(directory);
  }
}
