package dev.coffer.image.copy;

import dev.coffer.image.ImageException;
import dev.coffer.image.ImageException.Kind;
import dev.coffer.kernel.BlockFilter;
import dev.coffer.spec.image.Descriptor;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.LongConsumer;

/** A blob's bytes, which fail unless they are as many as promised. */
class CountedStream extends BlockFilter {
  private final String where;
  private final Descriptor blob;
  private final LongConsumer read;
  private long at;

  /**
   * Wraps a blob.
   *
   * @param where who gives it, for messages
   * @param offset where in the blob the stream starts
   * @param read is told after each read up to where the blob was read
   */
  CountedStream(String where, Descriptor blob, InputStream in, long offset, LongConsumer read) {
    super(in);
    this.where = where;
    this.blob = blob;
    this.at = offset;
    this.read = read;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    int count = in.read(into, offset, length);
    if (count < 0) {
      if (at < blob.size()) {
        throw new ImageException(
            Kind.TRUNCATED,
            "blob %s of %s ends after %d of %d bytes"
                .formatted(blob.digest(), where, at, blob.size()));
      }
      return count;
    }
    at += count;
    if (at > blob.size()) {
      throw mismatch("more than the %d bytes that it should have".formatted(blob.size()));
    }
    read.accept(at);
    return count;
  }

  /** The error of a blob that is not what it should be. */
  final ImageException mismatch(String has) {
    return new ImageException(
        Kind.DIGEST_MISMATCH,
        "digest mismatch: blob %s of %s has %s".formatted(blob.digest(), where, has));
  }
}
