package dev.coffer.image.archive;

import dev.coffer.image.ImageException;
import dev.coffer.image.ImageException.Kind;
import dev.coffer.kernel.Errno;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.FileStat;
import dev.coffer.kernel.FileType;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.OpenFlags;
import dev.coffer.kernel.Resolve;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;

/** The files of a directory that a stranger may have written. Only regular ones beneath it open. */
public final class DirectoryReader implements AutoCloseable {
  private static final int FLAGS = OpenFlags.RDONLY | OpenFlags.NONBLOCK | OpenFlags.NOCTTY;

  private final Fd root;

  /** Opens a directory. */
  public DirectoryReader(Path directory) throws IOException {
    this.root = FileOpen.path(directory.toString(), OpenFlags.PATH | OpenFlags.DIRECTORY);
  }

  /**
   * Opens a file; empty when there is none.
   *
   * @throws ImageException MALFORMED when it is not a regular file
   */
  public Optional<FileInputStream> open(String name) throws IOException {
    try (Fd file = FileOpen.in(root, name, FLAGS, 0, Resolve.BENEATH | Resolve.NO_MAGICLINKS)) {
      if (FileStat.of(file).type() != FileType.REGULAR) {
        throw new ImageException(
            Kind.MALFORMED, "malformed image layout: \"" + name + "\" is not a regular file");
      }
      return Optional.of(new FileInputStream(file.procPath()));
    } catch (KernelException e) {
      if (e.is(Errno.ENOENT)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /**
   * Reads a small file; empty when there is none.
   *
   * @throws ImageException MALFORMED, LIMIT_EXCEEDED
   */
  public Optional<byte[]> read(String name, int maxBytes) throws IOException {
    Optional<FileInputStream> file = open(name);
    if (file.isEmpty()) {
      return Optional.empty();
    }
    try (InputStream in = file.get()) {
      byte[] bytes = in.readNBytes(maxBytes + 1);
      if (bytes.length > maxBytes) {
        throw TarFiles.tooLarge(name, maxBytes);
      }
      return Optional.of(bytes);
    }
  }

  @Override
  public void close() {
    root.close();
  }
}
