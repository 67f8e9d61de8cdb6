package dev.coffer.image.stream;

import dev.coffer.image.ImageException;
import dev.coffer.image.ImageException.Kind;
import dev.coffer.kernel.BlockFilter;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** Tells a broken zstd stream from a broken disk. */
final class ZstdStream extends BlockFilter {
  ZstdStream(InputStream zstd) {
    super(zstd);
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    try {
      return in.read(into, offset, length);
    } catch (com.github.luben.zstd.ZstdIOException e) {
      String message = String.valueOf(e.getMessage());
      Kind kind = message.startsWith("Truncated") ? Kind.TRUNCATED : Kind.MALFORMED;
      throw new ImageException(kind, "broken zstd stream: " + message, e);
    } catch (EOFException e) {
      throw new ImageException(Kind.TRUNCATED, "truncated zstd stream", e);
    }
  }
}
