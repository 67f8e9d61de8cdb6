package dev.coffer.image.tar;

import static dev.coffer.image.tar.TarField.malformed;
import static dev.coffer.image.tar.TarField.number;
import static dev.coffer.image.tar.TarField.text;

import dev.coffer.image.ArchiveLimits;
import dev.coffer.image.ImageException;
import dev.coffer.image.ImageException.Kind;
import dev.coffer.image.tar.TarEntry.Extent;
import dev.coffer.image.tar.TarEntry.FileKind;
import dev.coffer.kernel.NativeText;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads a tar archive of any common dialect: v7, ustar, GNU (long names, binary numbers, sparse
 * files) and PAX (with binary extended attributes and GNU's sparse formats 0.0, 0.1 and 1.0).
 *
 * <p>The archive is taken for hostile: everything that is kept in memory is bounded, sizes are
 * checked before they are believed, and what makes no sense is refused. Global PAX headers are
 * passed over, as Go's reader does: whoever reads a layer must see the same files in it.
 *
 * <p>Alternate {@link #next} and {@link #read}; data that is not read is passed over. For use by
 * one thread; the stream is the caller's.
 */
public final class TarReader {
  private static final int BLOCK = 512;
  private static final int MODE_BITS = 07777;
  private static final int SPARSE_ENTRY = 24;

  private final InputStream in;
  private final ArchiveLimits limits;
  private final byte[] block = new byte[BLOCK];
  private final byte[] scratch = new byte[64 * 1024];
  private long entries;
  private long unread;
  private int padding;

  public TarReader(InputStream in, ArchiveLimits limits) {
    this.in = in;
    this.limits = limits;
  }

  /**
   * The next entry, or empty at the archive's end.
   *
   * @throws ImageException MALFORMED, TRUNCATED, LIMIT_EXCEEDED, NOT_SUPPORTED
   */
  public Optional<TarEntry> next() throws IOException {
    skip(unread);
    unread = 0;
    int passed = in.readNBytes(scratch, 0, padding);
    if (passed == 0 && padding > 0) {
      // All data is there, and not one byte more: "umoci insert" never closes its archives.
      return Optional.empty();
    }
    if (passed < padding) {
      throw truncated();
    }
    padding = 0;
    PaxRecords records = new PaxRecords();
    String longName = null;
    String longLink = null;
    long headerBytes = 0;
    while (readBlock()) {
      if (!TarField.checksumMatches(block)) {
        throw malformed("a header's checksum is wrong");
      }
      byte flag = block[156];
      if (flag != 'x' && flag != 'X' && flag != 'g' && flag != 'L' && flag != 'K' && flag != 'V') {
        return Optional.of(entry(flag, records, longName, longLink));
      }
      byte[] payload = payload();
      headerBytes += payload.length + BLOCK;
      if (headerBytes > limits.maxHeaderBytes()) {
        throw limit("extended headers of more than " + limits.maxHeaderBytes() + " bytes");
      }
      switch (flag) {
        case 'x', 'X' -> records.parse(payload);
        case 'L' -> longName = terminated(payload);
        case 'K' -> longLink = terminated(payload);
        default -> {}
      }
    }
    if (headerBytes > 0) {
      throw new ImageException(Kind.TRUNCATED, "truncated archive: an extended header is the last");
    }
    return Optional.empty();
  }

  private TarEntry entry(byte flag, PaxRecords records, String longName, String longLink)
      throws IOException {
    if (++entries > limits.maxEntries()) {
      throw limit("more than " + limits.maxEntries() + " entries");
    }
    String name = records.text("path").orElse(longName != null ? longName : headerName());
    name = records.text("GNU.sparse.name").orElse(name);
    String link =
        records.text("linkpath").orElse(longLink != null ? longLink : text(block, 157, 100));
    FileKind type = type(flag, name);
    checkLength(name);
    checkLength(link);

    long stored = type == FileKind.REGULAR ? records.number("size", number(block, 124, 12)) : 0;
    if (stored < 0) {
      throw malformed("entry \"" + name + "\" has a negative size");
    }
    int mode = (int) number(block, 100, 8) & MODE_BITS;
    int uid = id(records.number("uid", number(block, 108, 8)), name);
    int gid = id(records.number("gid", number(block, 116, 8)), name);
    Instant modified = records.time("mtime", Times.clamp(number(block, 136, 12), 0));
    boolean device = type == FileKind.CHARACTER_DEVICE || type == FileKind.BLOCK_DEVICE;
    int major = device ? (int) number(block, 329, 8) : 0;
    int minor = device ? (int) number(block, 337, 8) : 0;

    unread = stored;
    padding = (int) (-stored & (BLOCK - 1));
    long size = stored;
    List<Extent> extents = stored == 0 ? List.of() : List.of(new Extent(0, stored));
    if (type == FileKind.REGULAR) {
      Optional<List<Extent>> map = sparseMap(flag, records);
      if (map.isPresent()) {
        long real = records.number("GNU.sparse.size", size);
        size = flag == 'S' ? number(block, 483, 12) : records.number("GNU.sparse.realsize", real);
        extents = map.get();
      }
      if (size > limits.maxFileBytes()) {
        throw limit("file \"%s\" of more than %d bytes".formatted(name, limits.maxFileBytes()));
      }
      extents = map.isPresent() ? SparseMap.checked(extents, size, unread) : extents;
    }
    Map<String, byte[]> attributes = records.attributes();
    return new TarEntry(
        name, type, mode, uid, gid, size, modified, link, major, minor, attributes, extents);
  }

  private static FileKind type(byte flag, String name) throws ImageException {
    return switch (flag) {
      // Version 7 had no flag for directories.
      case 0, '0', '7' -> name.endsWith("/") ? FileKind.DIRECTORY : FileKind.REGULAR;
      case 'S' -> FileKind.REGULAR;
      case '1' -> FileKind.HARD_LINK;
      case '2' -> FileKind.SYMBOLIC_LINK;
      case '3' -> FileKind.CHARACTER_DEVICE;
      case '4' -> FileKind.BLOCK_DEVICE;
      case '5' -> FileKind.DIRECTORY;
      case '6' -> FileKind.FIFO;
      default ->
          throw new ImageException(
              Kind.NOT_SUPPORTED,
              "not supported: entry \"%s\" has the tar type 0x%02x".formatted(name, flag));
    };
  }

  private String headerName() {
    String name = text(block, 0, 100);
    boolean ustar = block[257] == 'u' && block[262] == 0;
    String prefix = ustar ? text(block, 345, isStar() ? 131 : 155) : "";
    return prefix.isEmpty() ? name : prefix + "/" + name;
  }

  private boolean isStar() {
    return block[508] == 't' && block[509] == 'a' && block[510] == 'r' && block[511] == 0;
  }

  private Optional<List<Extent>> sparseMap(byte flag, PaxRecords records) throws IOException {
    if (flag == 'S') {
      return Optional.of(gnuSparseMap());
    }
    if (records.has("GNU.sparse.major")) {
      long major = records.number("GNU.sparse.major", 0);
      long minor = records.number("GNU.sparse.minor", 0);
      if (major == 1 && minor == 0) {
        return Optional.of(paxSparseMap());
      }
      if (major != 0) {
        throw new ImageException(
            Kind.NOT_SUPPORTED, "not supported: sparse format %d.%d".formatted(major, minor));
      }
    }
    return records.sparseMap();
  }

  /** The old GNU format: four pairs in the header, 21 in each block that follows it. */
  private List<Extent> gnuSparseMap() throws IOException {
    byte[] header = block.clone();
    List<Extent> extents = new ArrayList<>();
    addGnuExtents(header, 386, 4, extents);
    boolean more = header[482] != 0;
    while (more) {
      byte[] extension = new byte[BLOCK];
      readFully(extension, BLOCK);
      addGnuExtents(extension, 0, 21, extents);
      checkMapSize(extents.size());
      more = extension[504] != 0;
    }
    return extents;
  }

  private static void addGnuExtents(byte[] from, int offset, int count, List<Extent> to)
      throws ImageException {
    for (int i = 0; i < count && from[offset + i * SPARSE_ENTRY] != 0; i++) {
      int at = offset + i * SPARSE_ENTRY;
      to.add(new Extent(number(from, at, 12), number(from, at + 12, 12)));
    }
  }

  /**
   * Format 1.0: the count and the pairs as decimal lines, filled up to a block, before the data.
   */
  private List<Extent> paxSparseMap() throws IOException {
    SparseLines lines = new SparseLines();
    long count = lines.next();
    checkMapSize(count);
    List<Long> numbers = new ArrayList<>();
    for (long i = 0; i < 2 * count; i++) {
      numbers.add(lines.next());
    }
    return SparseMap.ofNumbers(numbers);
  }

  private final class SparseLines {
    private final byte[] lines = new byte[BLOCK];
    private int at = BLOCK;

    long next() throws IOException {
      byte[] digits = new byte[19];
      for (int length = 0; length < digits.length; length++) {
        if (at == BLOCK) {
          if (unread < BLOCK) {
            throw malformed("a sparse map longer than its entry");
          }
          readFully(lines, BLOCK);
          unread -= BLOCK;
          at = 0;
        }
        byte octet = lines[at++];
        if (octet == '\n') {
          return PaxRecords.decimal(Arrays.copyOf(digits, length));
        }
        digits[length] = octet;
      }
      throw malformed("a sparse map with an endless number");
    }
  }

  private void checkMapSize(long extents) throws ImageException {
    if (extents * SPARSE_ENTRY > limits.maxHeaderBytes()) {
      throw limit("a sparse map of more than " + limits.maxHeaderBytes() + " bytes");
    }
  }

  /**
   * Reads stored data of the current entry.
   *
   * @return how many bytes, or -1 when all were read
   */
  public int read(byte[] into, int offset, int length) throws IOException {
    if (unread == 0) {
      return -1;
    }
    int count = in.read(into, offset, (int) Math.min(length, unread));
    if (count < 0) {
      throw truncated();
    }
    unread -= count;
    return count;
  }

  private byte[] payload() throws IOException {
    long size = number(block, 124, 12);
    if (size < 0 || size > limits.maxHeaderBytes()) {
      throw limit("an extended header of more than " + limits.maxHeaderBytes() + " bytes");
    }
    byte[] payload = new byte[(int) size];
    readFully(payload, payload.length);
    skip(-size & (BLOCK - 1));
    return payload;
  }

  private static String terminated(byte[] payload) {
    return text(payload, 0, payload.length);
  }

  private void checkLength(String name) throws ImageException {
    // A UTF-16 unit is at least a byte and at most three.
    if (name.length() * 3 > limits.maxPathBytes()
        && NativeText.encode(name).length >= limits.maxPathBytes()) {
      throw limit("a name of more than " + limits.maxPathBytes() + " bytes");
    }
  }

  private static int id(long id, String name) throws ImageException {
    // 2^32-1 means "leave it" to chown.
    if (id < 0 || id >= 0xffff_ffffL) {
      throw malformed("entry \"%s\" has the owner or group %d".formatted(name, id));
    }
    return (int) id;
  }

  /** False at the end: a block of zeros, or no more bytes. */
  private boolean readBlock() throws IOException {
    int count = in.readNBytes(block, 0, BLOCK);
    if (count == 0) {
      return false;
    }
    if (count < BLOCK) {
      throw truncated();
    }
    for (byte octet : block) {
      if (octet != 0) {
        return true;
      }
    }
    return false;
  }

  private void readFully(byte[] into, int length) throws IOException {
    if (in.readNBytes(into, 0, length) < length) {
      throw truncated();
    }
  }

  private void skip(long count) throws IOException {
    for (long left = count; left > 0; ) {
      int read = in.read(scratch, 0, (int) Math.min(left, scratch.length));
      if (read < 0) {
        throw truncated();
      }
      left -= read;
    }
  }

  private static ImageException truncated() {
    return new ImageException(Kind.TRUNCATED, "truncated archive: it ends within an entry");
  }

  private static ImageException limit(String what) {
    return new ImageException(Kind.LIMIT_EXCEEDED, "archive exceeds its limits: " + what);
  }
}
