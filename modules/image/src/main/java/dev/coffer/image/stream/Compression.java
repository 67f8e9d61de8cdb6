package dev.coffer.image.stream;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import dev.coffer.image.ImageException;
import dev.coffer.image.ImageException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.Arrays;

/** How a stream is compressed, told by its first bytes: media types are wrong too often. */
public enum Compression {
  NONE,
  GZIP,
  ZSTD;

  private static final int PEEK = 6;

  /**
   * Looks at a stream and undoes what it is compressed with.
   *
   * @return the plain bytes; closing them does not close {@code in}
   * @throws ImageException NOT_SUPPORTED for bzip2 and xz
   */
  public static InputStream decompress(InputStream in) throws IOException {
    PushbackInputStream peekable = new PushbackInputStream(in, PEEK);
    byte[] start = peekable.readNBytes(PEEK);
    peekable.unread(start);
    return switch (detect(start)) {
      case NONE -> peekable;
      case GZIP -> new GzipStream(peekable);
      case ZSTD -> new ZstdStream(new ZstdInputStreamNoFinalizer(peekable));
    };
  }

  /** How a stream that starts with these bytes (six are enough) is compressed. */
  public static Compression detect(byte[] start) throws ImageException {
    if (startsWith(start, 0x1f, 0x8b)) {
      return GZIP;
    }
    // A zstd stream may start with a skippable frame, as zstd:chunked's and eStargz's tools write.
    if (startsWith(start, 0x28, 0xb5, 0x2f, 0xfd)
        || (start.length >= 4 && (start[0] & 0xf0) == 0x50 && tail(start, 0x2a, 0x4d, 0x18))) {
      return ZSTD;
    }
    if (startsWith(start, 'B', 'Z', 'h')) {
      throw unsupported("bzip2", "bzip2 -dc");
    }
    if (startsWith(start, 0xfd, '7', 'z', 'X', 'Z', 0)) {
      throw unsupported("xz", "xz -dc");
    }
    return NONE;
  }

  private static boolean tail(byte[] start, int... expected) {
    return startsWith(Arrays.copyOfRange(start, 1, start.length), expected);
  }

  private static boolean startsWith(byte[] start, int... expected) {
    for (int i = 0; i < expected.length; i++) {
      if (i >= start.length || (start[i] & 0xff) != expected[i]) {
        return false;
      }
    }
    return true;
  }

  private static ImageException unsupported(String name, String command) {
    return new ImageException(
        Kind.NOT_SUPPORTED,
        "not supported: an archive compressed by %s (decompress it with: %s)"
            .formatted(name, command));
  }
}
