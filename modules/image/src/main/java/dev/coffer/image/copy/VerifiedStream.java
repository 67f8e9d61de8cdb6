package dev.coffer.image.copy;

import dev.coffer.image.ImageException;
import dev.coffer.image.ImageException.Kind;
import dev.coffer.spec.image.Descriptor;
import dev.coffer.spec.image.Digest;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.function.LongConsumer;

/** A blob's bytes from its start, which fail at their end unless they are the promised ones. */
final class VerifiedStream extends FilterInputStream {
  private final String where;
  private final Descriptor blob;
  private final LongConsumer read;
  private final MessageDigest hasher;
  private long size;
  private boolean ended;

  private VerifiedStream(String where, Descriptor blob, InputStream in, LongConsumer read) {
    super(in);
    this.where = where;
    this.blob = blob;
    this.read = read;
    this.hasher = blob.digest().algorithm().newHasher();
  }

  /**
   * Wraps a blob.
   *
   * @param where who gives it, for messages
   */
  static VerifiedStream of(String where, Descriptor blob, InputStream in) {
    return new VerifiedStream(where, blob, in, _ -> {});
  }

  /** The same, telling how many bytes were read so far after each read. */
  static VerifiedStream of(String where, Descriptor blob, InputStream in, LongConsumer read) {
    return new VerifiedStream(where, blob, in, read);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    int count = super.read(into, offset, length);
    if (count < 0) {
      verify();
      return count;
    }
    hasher.update(into, offset, count);
    size += count;
    if (size > blob.size()) {
      throw wrong("more than the %d bytes that it should have".formatted(blob.size()));
    }
    read.accept(size);
    return count;
  }

  private void verify() throws ImageException {
    if (ended) {
      return;
    }
    ended = true;
    if (size < blob.size()) {
      throw new ImageException(
          Kind.TRUNCATED,
          "blob %s of %s ends after %d of %d bytes"
              .formatted(blob.digest(), where, size, blob.size()));
    }
    Digest digest = blob.digest().algorithm().finish(hasher);
    if (!digest.equals(blob.digest())) {
      throw wrong("the digest " + digest);
    }
  }

  private ImageException wrong(String what) {
    return new ImageException(
        Kind.DIGEST_MISMATCH,
        "digest mismatch: blob %s of %s has %s".formatted(blob.digest(), where, what));
  }

  @Override
  public long skip(long count) {
    throw new UnsupportedOperationException("what is skipped is not verified");
  }

  @Override
  public boolean markSupported() {
    return false;
  }
}
