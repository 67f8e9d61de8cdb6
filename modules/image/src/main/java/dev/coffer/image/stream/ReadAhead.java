package dev.coffer.image.stream;

import dev.coffer.kernel.BlockInput;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * Reads a stream on a thread of its own, a few chunks ahead of its user: decompression on one core
 * while files are written on another.
 */
public final class ReadAhead extends BlockInput {
  private static final int CHUNK = 128 * 1024;
  private static final int CHUNKS = 4;

  /** What the reading thread hands over. */
  private sealed interface Chunk {
    /** Bytes from 0 to the buffer's limit. */
    record Data(ByteBuffer bytes) implements Chunk {}

    record End() implements Chunk {}

    record Failure(IOException cause) implements Chunk {}

    record Defect(RuntimeException cause) implements Chunk {}
  }

  private final BlockingQueue<Chunk> full = new ArrayBlockingQueue<>(CHUNKS);
  private final BlockingQueue<byte[]> empty = new ArrayBlockingQueue<>(CHUNKS + 1);
  private final Thread thread;
  private ByteBuffer current = ByteBuffer.allocate(0);
  private boolean ended;

  /** Starts reading. The stream is the caller's, to be closed after this one. */
  public ReadAhead(InputStream in) {
    thread = Thread.ofPlatform().daemon().name("coffer-read-ahead").unstarted(() -> pump(in));
    thread.start();
  }

  private void pump(InputStream in) {
    try {
      Chunk last;
      try {
        int length;
        do {
          byte[] reused = empty.poll();
          byte[] bytes = reused != null ? reused : new byte[CHUNK];
          length = in.readNBytes(bytes, 0, CHUNK);
          if (length > 0) {
            full.put(new Chunk.Data(ByteBuffer.wrap(bytes, 0, length)));
          }
        } while (length == CHUNK);
        last = new Chunk.End();
      } catch (IOException e) {
        last = new Chunk.Failure(e);
      } catch (RuntimeException e) {
        last = new Chunk.Defect(e);
      }
      full.put(last);
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (!current.hasRemaining() && !advance()) {
      return -1;
    }
    int count = Math.min(length, current.remaining());
    current.get(into, offset, count);
    return count;
  }

  private boolean advance() throws IOException {
    if (ended) {
      return false;
    }
    if (current.capacity() == CHUNK) {
      // There is always room: no more than CHUNKS + 1 are out.
      boolean ignored = empty.offer(current.array());
    }
    switch (take()) {
      case Chunk.Data data -> current = data.bytes;
      case Chunk.End _ -> ended = true;
      case Chunk.Failure failure -> throw failure.cause;
      case Chunk.Defect defect -> throw defect.cause;
    }
    return !ended;
  }

  private Chunk take() throws IOException {
    try {
      return full.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while reading", e);
    }
  }

  /** Stops the thread and waits until it no longer uses the stream. */
  @Override
  public void close() {
    thread.interrupt();
    boolean interrupted = false;
    while (thread.isAlive()) {
      full.clear();
      try {
        thread.join(1);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
