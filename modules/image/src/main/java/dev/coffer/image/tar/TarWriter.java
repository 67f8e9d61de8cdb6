package dev.coffer.image.tar;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;

/**
 * Writes simple archives: owner root, ASCII links of at most 100 characters. The same calls give
 * the same bytes. Files beyond 8 GiB get GNU's binary size, which all current readers understand.
 */
public final class TarWriter implements AutoCloseable {
  private static final int BLOCK = 512;
  private static final long MAX_OCTAL = 0x1_ffff_ffffL;
  private static final int NAME_MAX = 100;

  private final OutputStream out;
  private final Instant modified;

  /**
   * @param out where to write; the caller's to close
   * @param modified the time that all entries bear
   */
  public TarWriter(OutputStream out, Instant modified) {
    this.out = out;
    this.modified = modified;
  }

  public void directory(String name, int mode) throws IOException {
    header(name.endsWith("/") ? name : name + "/", '5', mode, 0, "");
  }

  public void symbolicLink(String name, String target) throws IOException {
    header(name, '2', 0777, 0, target);
  }

  public void hardLink(String name, String target) throws IOException {
    header(name, '1', 0755, 0, target);
  }

  public void file(String name, int mode, byte[] data) throws IOException {
    header(name, '0', mode, data.length, "");
    out.write(data);
    pad(data.length);
  }

  /**
   * Writes a file of a known size.
   *
   * @throws IOException also when the stream has another length
   */
  public void file(String name, int mode, long size, InputStream data) throws IOException {
    header(name, '0', mode, size, "");
    long copied = data.transferTo(out);
    if (copied != size) {
      throw new IOException(
          "cannot write \"%s\" to the archive: it has %d bytes and not %d"
              .formatted(name, copied, size));
    }
    pad(size);
  }

  private void header(String name, char flag, int mode, long size, String link) throws IOException {
    byte[] nameBytes = name.getBytes(StandardCharsets.UTF_8);
    if (nameBytes.length > NAME_MAX) {
      // A sha512 blob's path; GNU's way is read by everybody.
      header("././@LongLink", 'L', 0, nameBytes.length + 1L, "");
      out.write(Arrays.copyOf(nameBytes, nameBytes.length + 1));
      pad(nameBytes.length + 1L);
    }
    byte[] block = new byte[BLOCK];
    System.arraycopy(nameBytes, 0, block, 0, Math.min(nameBytes.length, NAME_MAX));
    octal(block, 100, 8, mode);
    octal(block, 108, 8, 0);
    octal(block, 116, 8, 0);
    if (size <= MAX_OCTAL) {
      octal(block, 124, 12, size);
    } else {
      block[124] = (byte) 0x80;
      for (int i = 0; i < 8; i++) {
        block[135 - i] = (byte) (size >>> (8 * i));
      }
    }
    octal(block, 136, 12, modified.getEpochSecond());
    block[156] = (byte) flag;
    text(block, 157, link);
    text(block, 257, "ustar\00000");
    octal(block, 329, 8, 0);
    octal(block, 337, 8, 0);
    Arrays.fill(block, 148, 156, (byte) ' ');
    long sum = 0;
    for (byte octet : block) {
      sum += octet & 0xff;
    }
    octal(block, 148, 7, sum);
    out.write(block);
  }

  private static void text(byte[] block, int offset, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > NAME_MAX) {
      throw new IllegalArgumentException("too long for a simple tar: " + text);
    }
    System.arraycopy(bytes, 0, block, offset, bytes.length);
  }

  private static void octal(byte[] block, int offset, int length, long value) {
    String digits = Long.toOctalString(value);
    String padded = "0".repeat(length - 1 - digits.length()) + digits;
    text(block, offset, padded);
  }

  private void pad(long size) throws IOException {
    out.write(new byte[(int) (-size & (BLOCK - 1))]);
  }

  /** Writes the end of the archive. */
  @Override
  public void close() throws IOException {
    out.write(new byte[2 * BLOCK]);
    out.flush();
  }
}
