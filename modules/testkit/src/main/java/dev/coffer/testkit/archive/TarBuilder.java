package dev.coffer.testkit.archive;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Builds a tar archive entry by entry, with as much control over the bytes as a liar wants. Nothing
 * is checked. For use by one thread.
 */
public final class TarBuilder {
  private static final int BLOCK = 512;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** A header block that can be bent before it is written. */
  public static final class Header {
    private final byte[] block = new byte[BLOCK];
    private boolean wrongChecksum;

    private Header(String name, char flag, long size) {
      bytes(0, name.getBytes(StandardCharsets.UTF_8), 100);
      mode(flag == '5' ? 0755 : 0644).owner(0, 0).size(size).mtime(1_000_000_000);
      block[156] = (byte) flag;
      bytes(257, "ustar\00000".getBytes(StandardCharsets.US_ASCII), 8);
    }

    public Header mode(long mode) {
      return octal(100, 8, mode);
    }

    public Header owner(long uid, long gid) {
      return octal(108, 8, uid).octal(116, 8, gid);
    }

    public Header size(long size) {
      return octal(124, 12, size);
    }

    public Header mtime(long seconds) {
      return octal(136, 12, seconds);
    }

    public Header link(String target) {
      return bytes(157, target.getBytes(StandardCharsets.UTF_8), 100);
    }

    public Header device(long major, long minor) {
      return octal(329, 8, major).octal(337, 8, minor);
    }

    /** GNU's magic, which makes the rest of the block GNU's. */
    public Header gnu() {
      return bytes(257, "ustar  \0".getBytes(StandardCharsets.US_ASCII), 8);
    }

    /** A big-endian number with the marker bit. */
    public Header binary(int offset, int length, long value) {
      Arrays.fill(block, offset, offset + length, (byte) (value < 0 ? 0xff : 0));
      for (int i = 0; i < 8; i++) {
        block[offset + length - 1 - i] = (byte) (value >>> (8 * i));
      }
      block[offset] |= (byte) 0x80;
      return this;
    }

    public Header octal(int offset, int length, long value) {
      String digits = Long.toOctalString(value);
      String padded = "0".repeat(Math.max(0, length - 1 - digits.length())) + digits;
      return bytes(offset, padded.getBytes(StandardCharsets.US_ASCII), length);
    }

    public Header bytes(int offset, byte[] bytes, int length) {
      Arrays.fill(block, offset, offset + length, (byte) 0);
      System.arraycopy(bytes, 0, block, offset, Math.min(bytes.length, length));
      return this;
    }

    public Header wrongChecksum() {
      wrongChecksum = true;
      return this;
    }

    private byte[] finished() {
      Arrays.fill(block, 148, 156, (byte) ' ');
      long sum = wrongChecksum ? 1 : 0;
      for (byte octet : block) {
        sum += octet & 0xff;
      }
      return octal(148, 7, sum).block;
    }
  }

  /** Any entry: a header that {@code bend} has changed, and data with its padding. */
  public TarBuilder entry(String name, char flag, byte[] data, Consumer<Header> bend) {
    Header header = new Header(name, flag, data.length);
    bend.accept(header);
    out.writeBytes(header.finished());
    out.writeBytes(data);
    out.writeBytes(new byte[-data.length & (BLOCK - 1)]);
    return this;
  }

  public TarBuilder file(String name, String text) {
    return entry(name, '0', text.getBytes(StandardCharsets.UTF_8), header -> {});
  }

  public TarBuilder file(String name, byte[] data) {
    return entry(name, '0', data, header -> {});
  }

  public TarBuilder directory(String name) {
    return entry(name, '5', new byte[0], header -> {});
  }

  public TarBuilder symbolicLink(String name, String target) {
    return entry(name, '2', new byte[0], header -> header.link(target));
  }

  public TarBuilder hardLink(String name, String target) {
    return entry(name, '1', new byte[0], header -> header.link(target));
  }

  /** An extended header for the next entry. */
  public TarBuilder pax(Map<String, byte[]> records) {
    ByteArrayOutputStream payload = new ByteArrayOutputStream();
    records.forEach((key, value) -> payload.writeBytes(record(key, value)));
    return rawPax(payload.toByteArray());
  }

  public TarBuilder pax(String key, String value) {
    return pax(Map.of(key, value.getBytes(StandardCharsets.UTF_8)));
  }

  public TarBuilder rawPax(byte[] payload) {
    return entry("PaxHeaders/x", 'x', payload, header -> {});
  }

  /** One PAX record with its right length. */
  public static byte[] record(String key, byte[] value) {
    byte[] keyBytes = key.getBytes(StandardCharsets.UTF_8);
    int rest = keyBytes.length + value.length + 3;
    int length = rest + Integer.toString(rest).length();
    length = rest + Integer.toString(length).length();
    ByteArrayOutputStream record = new ByteArrayOutputStream();
    record.writeBytes((length + " ").getBytes(StandardCharsets.US_ASCII));
    record.writeBytes(keyBytes);
    record.write('=');
    record.writeBytes(value);
    record.write('\n');
    return record.toByteArray();
  }

  /** GNU's long name for the next entry. */
  public TarBuilder longName(String name) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    return entry("././@LongLink", 'L', Arrays.copyOf(bytes, bytes.length + 1), h -> h.gnu());
  }

  /** Bytes as they are. */
  public TarBuilder raw(byte[] bytes) {
    out.writeBytes(bytes);
    return this;
  }

  /** The archive with its end. */
  public byte[] build() {
    return Arrays.copyOf(out.toByteArray(), out.size() + 2 * BLOCK);
  }

  /** What was written so far, without an end. */
  public byte[] buildWithoutEnd() {
    return out.toByteArray();
  }
}
