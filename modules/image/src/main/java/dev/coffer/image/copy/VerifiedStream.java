package dev.coffer.image.copy;

import dev.coffer.kernel.library.Hashers;
import dev.coffer.spec.image.Descriptor;
import dev.coffer.spec.image.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.function.LongConsumer;

/** A blob's bytes from its start, which fail at their end unless they are the promised ones. */
final class VerifiedStream extends CountedStream {
  private final Digest expected;
  private final MessageDigest hasher;
  private boolean ended;

  private VerifiedStream(String where, Descriptor blob, InputStream in, LongConsumer read) {
    super(where, blob, in, 0, read);
    this.expected = blob.digest();
    this.hasher = Hashers.of(expected.algorithm());
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
  public int read(byte[] into, int offset, int length) throws IOException {
    int count = super.read(into, offset, length);
    if (count > 0) {
      hasher.update(into, offset, count);
    } else if (count < 0 && !ended) {
      ended = true;
      Digest digest = expected.algorithm().finish(hasher);
      if (!digest.equals(expected)) {
        throw mismatch("the digest " + digest);
      }
    }
    return count;
  }
}
