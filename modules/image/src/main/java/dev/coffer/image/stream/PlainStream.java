package dev.coffer.image.stream;

import dev.coffer.image.ArchiveLimits;
import dev.coffer.image.ImageException;
import dev.coffer.image.ImageException.Kind;
import dev.coffer.kernel.BlockFilter;
import java.io.IOException;
import java.io.InputStream;

/** The plain bytes of a possibly compressed stream, within the limits of size and ratio. */
public final class PlainStream extends BlockFilter {
  private final CountingStream compressed;
  private final ArchiveLimits limits;
  private long plain;

  private PlainStream(InputStream decompressed, CountingStream compressed, ArchiveLimits limits) {
    super(decompressed);
    this.compressed = compressed;
    this.limits = limits;
  }

  /** Opens a stream, whatever it is compressed with; closing does not close {@code in}. */
  public static PlainStream open(InputStream in, ArchiveLimits limits) throws IOException {
    CountingStream counted = new CountingStream(in);
    return new PlainStream(Compression.decompress(counted), counted, limits);
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    int count = in.read(into, offset, length);
    if (count > 0) {
      plain += count;
      check();
    }
    return count;
  }

  private void check() throws ImageException {
    if (plain > limits.maxTotalBytes()) {
      throw new ImageException(
          Kind.LIMIT_EXCEEDED,
          "archive exceeds its limits: more than " + limits.maxTotalBytes() + " bytes");
    }
    if (plain > limits.ratioFreeBytes()
        && plain / limits.maxCompressionRatio() > compressed.count()) {
      throw new ImageException(
          Kind.LIMIT_EXCEEDED,
          "archive exceeds its limits: compressed more than %d-fold"
              .formatted(limits.maxCompressionRatio()));
    }
  }
}
