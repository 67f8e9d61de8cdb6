package dev.coffer.engine.logs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.Optional;

/**
 * One open file of a log, read line by line. It stays readable when rotation renames or drops it.
 */
final class LogFile implements AutoCloseable {

  private static final int BLOCK = 1 << 16;

  private final FileChannel channel;
  private final Object key;
  private byte[] buffer = new byte[BLOCK];
  private int start;
  private int end;

  private LogFile(FileChannel channel, Object key) {
    this.channel = channel;
    this.key = key;
  }

  /** Opens a file; empty when there is none. */
  static Optional<LogFile> open(Path path) throws IOException {
    if (!Files.isRegularFile(path)) {
      return Optional.empty();
    }
    FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
    return Optional.of(new LogFile(channel, keyOf(path)));
  }

  /** Whether that path names this file now. */
  boolean isAt(Path path) throws IOException {
    return Files.exists(path) && key.equals(keyOf(path));
  }

  /** Whether both are the same file. */
  boolean isSame(LogFile other) {
    return key.equals(other.key);
  }

  /** The next whole line without its end; empty when there is none yet. */
  Optional<byte[]> nextLine() throws IOException {
    int scanned = start;
    while (true) {
      for (int i = scanned; i < end; i++) {
        if (buffer[i] == '\n') {
          byte[] line = Arrays.copyOfRange(buffer, start, i);
          start = i + 1;
          return Optional.of(line);
        }
      }
      int pending = end - start;
      makeRoom();
      scanned = start + pending;
      int count = channel.read(ByteBuffer.wrap(buffer, end, buffer.length - end));
      if (count <= 0) {
        return Optional.empty();
      }
      end += count;
    }
  }

  /**
   * Moves to where the last {@code lines} lines begin, or to the file's start when it has fewer.
   *
   * @return how many of them are missing
   */
  long seekToLast(long lines) throws IOException {
    start = 0;
    end = 0;
    long found = 0;
    ByteBuffer block = ByteBuffer.allocate(BLOCK);
    for (long blockEnd = channel.size(); blockEnd > 0; ) {
      long blockStart = Math.max(0, blockEnd - BLOCK);
      block.clear().limit((int) (blockEnd - blockStart));
      int count = channel.read(block, blockStart);
      for (int i = count - 1; i >= 0; i--) {
        // The line end that closes the wanted lines' predecessor is one more than they have.
        if (block.get(i) == '\n' && ++found > lines) {
          channel.position(blockStart + i + 1);
          return 0;
        }
      }
      blockEnd = blockStart;
    }
    channel.position(0);
    return lines - found;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private void makeRoom() {
    if (start > 0) {
      System.arraycopy(buffer, start, buffer, 0, end - start);
      end -= start;
      start = 0;
    } else if (end == buffer.length) {
      buffer = Arrays.copyOf(buffer, buffer.length * 2);
    }
  }

  private static Object keyOf(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
  }
}
