package dev.coffer.image.tar;

import dev.coffer.image.tar.TarEntry.Extent;
import dev.coffer.image.tar.TarEntry.FileKind;
import dev.coffer.kernel.NativeText;
import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Writes whatever a {@link TarEntry} can say, so that {@link TarReader} and everybody else reads
 * the same. An extended header is only written where the plain one cannot hold something: equal
 * entries give equal bytes.
 *
 * <p>Source: pax(1), "pax Interchange Format"; GNU tar manual, "PAX Format, Version 1.0" of sparse
 * files; star's {@code SCHILY.xattr}.
 */
public final class EntryWriter implements AutoCloseable {
  private static final long MAX_ID = 07777777;
  private static final String ATTRIBUTE = "SCHILY.xattr.";

  /** The content of an entry. */
  @FunctionalInterface
  public interface Data {
    /** Writes as many bytes as the entry's {@link TarEntry#storedSize}. */
    void writeTo(OutputStream out) throws IOException;
  }

  /** No content. */
  public static final Data NOTHING = out -> {};

  private final OutputStream out;

  /**
   * @param out where to write; the caller's to close, and buffered by it
   */
  public EntryWriter(OutputStream out) {
    this.out = out;
  }

  /**
   * Writes an entry.
   *
   * @throws IOException also when the content has another length than the entry says
   */
  public void write(TarEntry entry, Data data) throws IOException {
    byte[] map = isSparse(entry) ? sparseMap(entry) : new byte[0];
    long size = map.length + entry.storedSize();
    SortedMap<String, byte[]> records = records(entry, size, map.length > 0);
    if (!records.isEmpty()) {
      byte[] extended = extended(records);
      new HeaderBlock('x', ascii("././@PaxHeader"), new byte[0])
          .mode(0)
          .size(extended.length)
          .modified(0)
          .writeTo(out);
      out.write(extended);
      HeaderBlock.pad(out, extended.length);
    }
    new HeaderBlock(
            flag(entry.type()), NativeText.encode(entry.name()), NativeText.encode(entry.link()))
        .mode(entry.mode())
        .owner(
            Math.min(Integer.toUnsignedLong(entry.uid()), MAX_ID),
            Math.min(Integer.toUnsignedLong(entry.gid()), MAX_ID))
        .size(Math.min(size, HeaderBlock.MAX_OCTAL))
        .modified(Math.clamp(entry.modified().getEpochSecond(), 0, HeaderBlock.MAX_OCTAL))
        .device(entry.deviceMajor(), entry.deviceMinor())
        .writeTo(out);
    out.write(map);
    Counting counting = new Counting(out);
    data.writeTo(counting);
    if (counting.count != entry.storedSize()) {
      throw new IOException(
          "cannot write \"%s\" to the archive: it has %d bytes and not %d"
              .formatted(entry.name(), counting.count, entry.storedSize()));
    }
    HeaderBlock.pad(out, size);
  }

  private static boolean isSparse(TarEntry entry) {
    return entry.type() == FileKind.REGULAR && entry.storedSize() != entry.size();
  }

  private static byte[] sparseMap(TarEntry entry) {
    StringBuilder numbers = new StringBuilder().append(entry.extents().size()).append('\n');
    for (Extent extent : entry.extents()) {
      numbers.append(extent.offset()).append('\n').append(extent.length()).append('\n');
    }
    byte[] text = ascii(numbers.toString());
    return Arrays.copyOf(
        text, (text.length + HeaderBlock.SIZE - 1) / HeaderBlock.SIZE * HeaderBlock.SIZE);
  }

  private static SortedMap<String, byte[]> records(TarEntry entry, long size, boolean sparse) {
    SortedMap<String, byte[]> records = new TreeMap<>();
    unlessPlain(records, "path", entry.name());
    unlessPlain(records, "linkpath", entry.link());
    unlessBelow(records, "uid", Integer.toUnsignedLong(entry.uid()), MAX_ID);
    unlessBelow(records, "gid", Integer.toUnsignedLong(entry.gid()), MAX_ID);
    unlessBelow(records, "size", size, HeaderBlock.MAX_OCTAL);
    unlessBelow(records, "mtime", entry.modified().getEpochSecond(), HeaderBlock.MAX_OCTAL);
    entry.attributes().forEach((name, value) -> records.put(ATTRIBUTE + name, value));
    if (sparse) {
      records.put("GNU.sparse.major", ascii("1"));
      records.put("GNU.sparse.minor", ascii("0"));
      records.put("GNU.sparse.name", NativeText.encode(entry.name()));
      records.put("GNU.sparse.realsize", ascii(Long.toString(entry.size())));
    }
    return records;
  }

  private static void unlessPlain(Map<String, byte[]> records, String key, String text) {
    byte[] bytes = NativeText.encode(text);
    boolean plain = bytes.length <= HeaderBlock.TEXT;
    for (byte octet : bytes) {
      plain &= octet > 0;
    }
    if (!plain) {
      records.put(key, bytes);
    }
  }

  private static void unlessBelow(Map<String, byte[]> records, String key, long value, long max) {
    if (value < 0 || value > max) {
      records.put(key, ascii(Long.toString(value)));
    }
  }

  private static byte[] extended(SortedMap<String, byte[]> records) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (Map.Entry<String, byte[]> each : records.entrySet()) {
      byte[] key = NativeText.encode(each.getKey());
      int rest = 1 + key.length + 1 + each.getValue().length + 1;
      int length = rest + 1;
      while (length != rest + Integer.toString(length).length()) {
        length = rest + Integer.toString(length).length();
      }
      all.writeBytes(ascii(length + " "));
      all.writeBytes(key);
      all.write('=');
      all.writeBytes(each.getValue());
      all.write('\n');
    }
    return all.toByteArray();
  }

  private static char flag(FileKind kind) {
    return switch (kind) {
      case REGULAR -> '0';
      case HARD_LINK -> '1';
      case SYMBOLIC_LINK -> '2';
      case CHARACTER_DEVICE -> '3';
      case BLOCK_DEVICE -> '4';
      case DIRECTORY -> '5';
      case FIFO -> '6';
    };
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static final class Counting extends FilterOutputStream {
    private long count;

    Counting(OutputStream out) {
      super(out);
    }

    @Override
    public void write(int octet) throws IOException {
      out.write(octet);
      count++;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
      count += length;
    }
  }

  /** Writes the end of the archive. */
  @Override
  public void close() throws IOException {
    HeaderBlock.end(out);
  }
}
