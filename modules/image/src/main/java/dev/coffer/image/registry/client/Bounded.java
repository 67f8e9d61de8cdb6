package dev.coffer.image.registry.client;

import dev.coffer.kernel.BlockFilter;
import java.io.IOException;
import java.io.InputStream;

/** The first bytes of a stream. */
final class Bounded extends BlockFilter {
  private long left;

  Bounded(InputStream in, long length) {
    super(in);
    this.left = length;
  }

  @Override
  public int read(byte[] bytes, int from, int length) throws IOException {
    if (left == 0) {
      return -1;
    }
    int count = in.read(bytes, from, (int) Math.min(length, left));
    left -= Math.max(count, 0);
    return count;
  }
}
