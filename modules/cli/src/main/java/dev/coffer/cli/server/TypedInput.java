package dev.coffer.cli.server;

import dev.coffer.kernel.BlockInput;
import dev.coffer.kernel.NativeText;
import dev.coffer.runtime.protocol.ProtocolException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Queue;

/** What a caller types at its terminal, as it comes in frames. */
final class TypedInput extends BlockInput {

  /** More than anybody types ahead of a command that does not read. */
  private static final int MOST_PENDING = 1 << 20;

  private final Queue<byte[]> pieces = new ArrayDeque<>();
  private int pending;
  private int taken;
  private boolean ended;

  /** More was typed. */
  synchronized void add(byte[] bytes) throws ProtocolException {
    if (bytes.length > MOST_PENDING - pending) {
      throw new ProtocolException("more was typed than is read");
    }
    if (bytes.length > 0) {
      pending += bytes.length;
      pieces.add(bytes);
      notifyAll();
    }
  }

  /** No more will come. */
  synchronized void end() {
    ended = true;
    notifyAll();
  }

  /** What was typed up to the next end of a line. */
  String line() {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    try {
      for (int next = read(); next >= 0 && next != '\n'; next = read()) {
        line.write(next);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return NativeText.decode(line.toByteArray()).replaceFirst("\r$", "");
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
      pending -= piece.length;
      taken = 0;
    }
    return count;
  }
}
