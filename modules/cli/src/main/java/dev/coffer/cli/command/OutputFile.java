package dev.coffer.cli.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import java.util.UUID;

/**
 * A file of the caller's in the making, with the mode that the caller's umask leaves.
 *
 * @param temporary where it is written
 */
record OutputFile(Path temporary) {

  private static final PosixFilePermission[] PERMISSIONS = {
    PosixFilePermission.OWNER_READ,
    PosixFilePermission.OWNER_WRITE,
    PosixFilePermission.GROUP_READ,
    PosixFilePermission.GROUP_WRITE,
    PosixFilePermission.OTHERS_READ,
    PosixFilePermission.OTHERS_WRITE
  };
  private static final int[] BITS = {0400, 0200, 040, 020, 04, 02};

  /**
   * Makes an empty file beside the one that is wanted.
   *
   * @param name the file's name for messages
   */
  static OutputFile create(Path wanted, String name, int umask) throws IOException {
    Path temporary = wanted.resolveSibling("." + wanted.getFileName() + "." + UUID.randomUUID());
    try {
      return new OutputFile(Files.createFile(temporary, mode(umask)));
    } catch (NoSuchFileException e) {
      throw new IOException("cannot create \"" + name + "\": no such directory", e);
    }
  }

  /** The mode 0666 less a umask. */
  static FileAttribute<Set<PosixFilePermission>> mode(int umask) {
    Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
    for (int i = 0; i < BITS.length; i++) {
      if ((BITS[i] & umask) == 0) {
        permissions.add(PERMISSIONS[i]);
      }
    }
    return PosixFilePermissions.asFileAttribute(permissions);
  }
}
