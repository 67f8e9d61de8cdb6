package dev.coffer.engine.local;

import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileAttributes;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.OpenFlags;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;

/**
 * The directories that only the engine's own user may look into. What images bring has owners and
 * modes of its own: anybody on the host who could reach a set-user-id program in there could run it
 * (CVE-2021-41091). The data root itself may be a directory that somebody has other uses for, so it
 * keeps the mode that it has.
 */
final class PrivateDirectories {

  private static final Set<PosixFilePermission> PRIVATE =
      PosixFilePermissions.fromString("rwx------");
  private static final List<String> IN_ROOT =
      List.of(
          "bases",
          "bootstrap",
          "containers",
          "content",
          "images",
          "init",
          "layers",
          "mounts",
          "names",
          "networks",
          "trash",
          "volumes");

  private PrivateDirectories() {}

  static void make(Path dataRoot, Path runDirectory) throws IOException {
    for (String name : IN_ROOT) {
      make(dataRoot.resolve(name));
    }
    make(runDirectory.resolve("m"));
    spread(dataRoot.resolve("containers"));
    spread(runDirectory.resolve("m"));
  }

  /**
   * Containers come and go. Kept together, the inodes of those that are gone lie in the way of new
   * ones: an ext4 without a journal looks at each of the last minutes' before it takes a free one.
   */
  private static void spread(Path directory) throws IOException {
    try (Fd fd = FileOpen.path(directory.toString(), OpenFlags.RDONLY | OpenFlags.DIRECTORY)) {
      boolean ignored = FileAttributes.spreadSubdirectories(fd);
    }
  }

  private static void make(Path directory) throws IOException {
    Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(PRIVATE));
    // One that an earlier engine made may be open to all.
    Files.setPosixFilePermissions(directory, PRIVATE);
  }
}
