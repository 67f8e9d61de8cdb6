package dev.coffer.runtime.file;

import dev.coffer.kernel.Errno;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileData;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.FileStat;
import dev.coffer.kernel.FileType;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.OpenFlags;
import dev.coffer.kernel.Poll;
import dev.coffer.kernel.Stat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/** Reads files that somebody else wrote: whatever they are, it ends, and soon. */
public final class BoundedFile {
  private static final int CHUNK = 1 << 16;

  /** Memory is cleared for each; most files are small, but one may grow meanwhile. */
  private static final int SMALL = 4096;

  private static final Duration STEP = Duration.ofSeconds(1);

  private BoundedFile() {}

  /**
   * A regular file's whole content.
   *
   * @param limit in bytes
   * @throws dev.coffer.kernel.KernelException when it cannot be opened
   * @throws IOException when it is larger, or no regular file: a fifo could keep us waiting
   */
  public static byte[] read(Path file, int limit) throws IOException {
    try (Fd handle = FileOpen.path(file.toString(), OpenFlags.PATH)) {
      Stat stat = FileStat.of(handle);
      if (stat.type() != FileType.REGULAR) {
        throw new IOException("\"" + file + "\" is no regular file");
      }
      try (Fd opened = FileOpen.reopen(handle, OpenFlags.RDONLY)) {
        return read(opened, file, limit, chunkSize(stat));
      }
    }
  }

  /**
   * A regular file's whole content, where others may have put anything in its place: no link is
   * followed.
   *
   * @param limit in bytes
   * @return empty where there is none
   * @throws IOException when it is larger, a link, or no regular file
   */
  public static Optional<byte[]> readNoLink(Path file, int limit) throws IOException {
    int flags = OpenFlags.RDONLY | OpenFlags.NOFOLLOW | OpenFlags.NONBLOCK | OpenFlags.NOCTTY;
    try (Fd opened = FileOpen.path(file.toString(), flags)) {
      Stat stat = FileStat.of(opened);
      if (stat.type() != FileType.REGULAR) {
        throw new IOException("\"" + file + "\" is no regular file");
      }
      checkSize(stat.size(), file, limit);
      return Optional.of(read(opened, file, limit, chunkSize(stat)));
    } catch (KernelException e) {
      if (e.is(Errno.ENOENT)) {
        return Optional.empty();
      }
      if (e.is(Errno.ELOOP) || e.is(Errno.ENXIO)) {
        throw new IOException("\"" + file + "\" is no regular file", e);
      }
      throw e;
    }
  }

  /** Whether it is a pipe, which only {@link #readPipe} reads. */
  public static boolean isPipe(Path file) throws IOException {
    try (Fd handle = FileOpen.path(file.toString(), OpenFlags.PATH)) {
      return FileStat.of(handle).type() == FileType.FIFO;
    }
  }

  /**
   * What is written to a pipe until nobody has its other end any more, or this thread is
   * interrupted.
   *
   * @param limit in bytes
   * @throws IOException when it is more, or cannot be read
   */
  public static byte[] readPipe(Path pipe, int limit) throws IOException {
    try (Fd opened = FileOpen.path(pipe.toString(), OpenFlags.RDONLY | OpenFlags.NONBLOCK)) {
      ByteArrayOutputStream content = new ByteArrayOutputStream(CHUNK);
      byte[] chunk = new byte[CHUNK];
      for (int count = 1; count > 0; ) {
        while (!Poll.readable(opened, STEP)) {
          if (Thread.interrupted()) {
            throw new IOException("nobody waits for \"" + pipe + "\" any more");
          }
        }
        count = FileData.read(opened, chunk, 0, CHUNK);
        content.write(chunk, 0, count);
        checkSize(content.size(), pipe, limit);
      }
      return content.toByteArray();
    }
  }

  private static void checkSize(long size, Path file, int limit) throws IOException {
    if (size > limit) {
      throw new IOException("\"%s\" is larger than %d bytes".formatted(file, limit));
    }
  }

  /** One byte more than there are, so that the second call finds the end. */
  private static int chunkSize(Stat stat) {
    return Math.clamp(stat.size() + 1, SMALL, CHUNK);
  }

  private static byte[] read(Fd opened, Path file, int limit, int chunkSize) throws IOException {
    ByteArrayOutputStream content = new ByteArrayOutputStream(chunkSize);
    byte[] chunk = new byte[chunkSize];
    for (int count = 1; count > 0; ) {
      count = FileData.read(opened, chunk, 0, chunkSize);
      content.write(chunk, 0, count);
      checkSize(content.size(), file, limit);
    }
    return content.toByteArray();
  }

  /**
   * The last bytes of a file that is ours, though others write to it.
   *
   * @param limit how many at most
   * @throws java.nio.file.NoSuchFileException when there is none
   */
  public static byte[] readEnd(Path file, int limit) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer end = ByteBuffer.allocate(limit);
      long position = Math.max(0, channel.size() - limit);
      for (int count = 1; count > 0; ) {
        count = channel.read(end, position + end.position());
      }
      return Arrays.copyOf(end.array(), end.position());
    }
  }
}
