package dev.coffer.image.pull;

import dev.coffer.image.content.PartFile;
import dev.coffer.kernel.BlockInput;
import java.io.IOException;
import java.io.InputStream;

/**
 * Reads a blob while it arrives, right behind its front. The end is only told when the digest of
 * all of it is known to be right.
 */
final class FollowStream extends BlockInput {
  private final InputStream file;
  private final Frontier frontier;
  private long position;
  private long front;

  FollowStream(PartFile file, Frontier frontier) throws IOException {
    this.file = file.reader();
    this.frontier = frontier;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    try {
      if (position == frontier.size()) {
        frontier.awaitVerified();
        return -1;
      }
      if (position == front) {
        front = frontier.awaitBeyond(position);
      }
    } catch (InterruptedException e) {
      throw Failures.interrupted(e);
    }
    int wanted = (int) Math.min(length, front - position);
    int count = file.read(into, offset, wanted);
    if (count <= 0) {
      throw new IOException("the file of an arriving blob was cut short");
    }
    position += count;
    return count;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
