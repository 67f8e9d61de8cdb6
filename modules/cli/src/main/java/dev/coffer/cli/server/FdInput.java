package dev.coffer.cli.server;

import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileData;
import java.io.IOException;
import java.io.InputStream;

/** Reads a descriptor that somebody else owns. */
final class FdInput extends InputStream {

  private final Fd fd;

  FdInput(Fd fd) {
    this.fd = fd;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int from, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    int count = FileData.read(fd, bytes, from, length);
    return count <= 0 ? -1 : count;
  }
}
