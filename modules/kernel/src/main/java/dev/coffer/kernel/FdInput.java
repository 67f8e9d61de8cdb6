package dev.coffer.kernel;

import java.io.IOException;

/** Reads a descriptor that somebody else owns. */
public final class FdInput extends BlockInput {
  private final Fd fd;

  /** Reads from where the descriptor stands. */
  public FdInput(Fd fd) {
    this.fd = fd;
  }

  @Override
  public int read(byte[] into, int from, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    int count = FileData.read(fd, into, from, length);
    return count <= 0 ? -1 : count;
  }
}
