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
    HeaderBlock.pad(out, data.length);
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
    HeaderBlock.pad(out, size);
  }

  private void header(String name, char flag, int mode, long size, String link) throws IOException {
    byte[] nameBytes = name.getBytes(StandardCharsets.UTF_8);
    if (nameBytes.length > HeaderBlock.TEXT) {
      // A sha512 blob's path; GNU's way is read by everybody.
      header("././@LongLink", 'L', 0, nameBytes.length + 1L, "");
      out.write(Arrays.copyOf(nameBytes, nameBytes.length + 1));
      HeaderBlock.pad(out, nameBytes.length + 1L);
    }
    byte[] linkBytes = link.getBytes(StandardCharsets.UTF_8);
    if (linkBytes.length > HeaderBlock.TEXT) {
      throw new IllegalArgumentException("too long for a simple tar: " + link);
    }
    HeaderBlock block =
        new HeaderBlock(flag, nameBytes, linkBytes).mode(mode).modified(modified.getEpochSecond());
    if (size <= HeaderBlock.MAX_OCTAL) {
      block.size(size).writeTo(out);
    } else {
      block.binarySize(size).writeTo(out);
    }
  }

  /** Writes the end of the archive. */
  @Override
  public void close() throws IOException {
    HeaderBlock.end(out);
  }
}
