package dev.coffer.image.stream;

import dev.coffer.kernel.BlockFilter;
import dev.coffer.kernel.library.Hashers;
import dev.coffer.spec.image.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;

/** Computes the digest of what is read through it. */
public final class HashingStream extends BlockFilter {
  private final Digest.Algorithm algorithm;
  private final MessageDigest hasher;

  public HashingStream(InputStream in, Digest.Algorithm algorithm) {
    super(in);
    this.algorithm = algorithm;
    this.hasher = Hashers.of(algorithm);
  }

  /** The digest of all that was read; call it once, at the end. */
  public Digest digest() {
    return algorithm.finish(hasher);
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    int count = in.read(into, offset, length);
    if (count > 0) {
      hasher.update(into, offset, count);
    }
    return count;
  }
}
