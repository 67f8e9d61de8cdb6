package dev.coffer.image.tar;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What a tar archive says of one file.
 *
 * @param name the path as the archive writes it; bytes that are no UTF-8 are escaped as {@link
 *     dev.coffer.kernel.NativeText} does
 * @param type the kind of file
 * @param mode permission bits with set-user-id, set-group-id and sticky
 * @param uid the owner's number
 * @param gid the group's number
 * @param size bytes of the file, holes included; 0 for what is no regular file
 * @param modified when it was last changed
 * @param link the target of a symbolic or hard link, else empty
 * @param deviceMajor of a device node
 * @param deviceMinor of a device node
 * @param attributes extended attributes by name
 * @param extents where the data that follows belongs, in order; the rest of the file is holes
 */
public record TarEntry(
    String name,
    FileKind type,
    int mode,
    int uid,
    int gid,
    long size,
    Instant modified,
    String link,
    int deviceMajor,
    int deviceMinor,
    Map<String, byte[]> attributes,
    List<Extent> extents) {

  /** Kinds of files that an archive can hold. */
  public enum FileKind {
    REGULAR,
    DIRECTORY,
    SYMBOLIC_LINK,
    HARD_LINK,
    CHARACTER_DEVICE,
    BLOCK_DEVICE,
    FIFO
  }

  /** A run of bytes at an offset of a file. */
  public record Extent(long offset, long length) {}

  /** Bytes of data that the archive holds for this file. */
  public long storedSize() {
    return extents.stream().mapToLong(Extent::length).sum();
  }
}
