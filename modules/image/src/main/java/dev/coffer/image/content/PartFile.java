package dev.coffer.image.content;

import dev.coffer.kernel.Errno;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileData;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.OpenFlags;
import dev.coffer.spec.image.Digest;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Set;

/**
 * The file of a blob that arrives in pieces, which outlives the process. It is read while it is
 * written. Whoever uses it sees to it that nobody else does.
 */
public final class PartFile implements AutoCloseable {
  private static final String ENDING = ".part";
  private static final int SEEK_HOLE = 4;
  private static final int PAGE = 4096;

  private final ContentStore store;
  private final Digest digest;
  private final Path file;
  private final Fd fd;
  private boolean closed;

  PartFile(ContentStore store, Path directory, Digest digest) throws IOException {
    this.store = store;
    this.digest = digest;
    this.file = place(directory, digest);
    if (!Files.exists(file)) {
      Files.createFile(file);
    }
    this.fd = FileOpen.path(file.toString(), OpenFlags.RDWR);
  }

  /** Where the part of a blob is or would be. */
  static Path place(Path directory, Digest digest) {
    return directory.resolve(digest.algorithm().label() + "-" + digest.hex() + ENDING);
  }

  /** Whether a file in the directory of those that arrive is the part of a blob. */
  static boolean isPartOf(Path file, Set<Digest> blobs) {
    String name = file.getFileName().toString();
    int dash = name.indexOf('-');
    if (!name.endsWith(ENDING) || dash < 0) {
      return false;
    }
    String hex = name.substring(dash + 1, name.length() - ENDING.length());
    try {
      return blobs.contains(Digest.parse(name.substring(0, dash) + ":" + hex));
    } catch (IllegalArgumentException otherName) {
      return false;
    }
  }

  /**
   * How many bytes from the start an earlier process has written, as far as the file shows. Pieces
   * are written side by side, so the first hole ends what is there, and of the page before it only
   * a part may have been written. Their digest tells in the end.
   */
  public long contiguous() throws IOException {
    long size = Files.size(file);
    if (size == 0) {
      return 0;
    }
    long hole;
    try {
      hole = FileData.seek(fd, 0, SEEK_HOLE);
    } catch (KernelException e) {
      if (e.is(Errno.EINVAL)) {
        return 0;
      }
      throw e;
    }
    return hole >= size ? size : Math.max(0, hole / PAGE * PAGE - PAGE);
  }

  /**
   * Writes pieces; for one thread, which closes it. Not a channel, because an interrupt closes a
   * channel for all who use it.
   */
  public synchronized RandomAccessFile writer() throws IOException {
    return new RandomAccessFile(opened(), "rw");
  }

  /** Reads from the start; for one thread, which closes it. */
  public synchronized InputStream reader() throws IOException {
    return new FileInputStream(opened());
  }

  private String opened() throws IOException {
    if (closed) {
      throw new IOException("nothing arrives in " + file + " any more");
    }
    return fd.procPath();
  }

  /** Drops what is behind a position. */
  public void truncate(long size) throws IOException {
    FileData.truncate(fd, size);
  }

  /** Makes the blob appear in the store; the caller has checked the digest of all bytes. */
  public void publish() throws IOException {
    store.published(digest);
    Files.move(file, store.ownPath(digest), StandardCopyOption.ATOMIC_MOVE);
  }

  /** Removes the file. */
  public void delete() throws IOException {
    Files.deleteIfExists(file);
  }

  /** Lets go of the file, which stays for the next one who asks for the blob. */
  @Override
  public synchronized void close() {
    closed = true;
    fd.close();
  }
}
