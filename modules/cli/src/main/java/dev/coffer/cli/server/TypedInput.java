package dev.coffer.cli.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Queue;

/** What a caller types at its terminal, as it comes in frames. */
final class TypedInput extends InputStream {

  private final Queue<byte[]> pieces = new ArrayDeque<>();
  private int taken;
  private boolean ended;

  /** More was typed. */
  synchronized void add(byte[] bytes) {
    if (bytes.length > 0) {
      pieces.add(bytes);
      notifyAll();
    }
  }

  /** No more will come. */
  synchronized void end() {
    ended = true;
    notifyAll();
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public synchronized int read(byte[] bytes, int from, int length) throws IOException {
    while (pieces.isEmpty()) {
      if (ended) {
        return -1;
      }
      try {
        wait();
      } catch (InterruptedException e) {
        throw new InterruptedIOException("interrupted while waiting for input");
      }
    }
    byte[] piece = pieces.element();
    int count = Math.min(length, piece.length - taken);
    System.arraycopy(piece, taken, bytes, from, count);
    taken += count;
    if (taken == piece.length) {
      pieces.remove();
      taken = 0;
    }
    return count;
  }
}
