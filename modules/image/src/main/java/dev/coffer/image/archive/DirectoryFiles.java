package dev.coffer.image.archive;

import dev.coffer.image.ImageException;
import dev.coffer.image.ImageException.Kind;
import dev.coffer.image.content.ContentStore;
import dev.coffer.image.content.Ingest;
import dev.coffer.kernel.Errno;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.FileStat;
import dev.coffer.kernel.FileType;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.OpenFlags;
import dev.coffer.kernel.Resolve;
import dev.coffer.spec.image.Digest;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;

/** An archive that lies unpacked in a directory. Only regular files beneath it are read. */
final class DirectoryFiles implements ArchiveFiles {
  private static final int FLAGS = OpenFlags.RDONLY | OpenFlags.NONBLOCK | OpenFlags.NOCTTY;

  private final ContentStore content;
  private final Fd root;

  DirectoryFiles(Path directory, ContentStore content) throws IOException {
    this.content = content;
    this.root = FileOpen.path(directory.toString(), OpenFlags.PATH | OpenFlags.DIRECTORY);
  }

  @Override
  public Optional<byte[]> read(String name, int maxBytes) throws IOException {
    Optional<Fd> file = open(name);
    if (file.isEmpty()) {
      return Optional.empty();
    }
    try (Fd opened = file.get();
        InputStream in = new FileInputStream(opened.procPath())) {
      byte[] bytes = in.readNBytes(maxBytes + 1);
      if (bytes.length > maxBytes) {
        throw TarFiles.tooLarge(name, maxBytes);
      }
      return Optional.of(bytes);
    }
  }

  @Override
  public Optional<StoredBlob> store(String name, Optional<Digest> expected) throws IOException {
    Optional<Fd> file = open(name);
    if (file.isEmpty()) {
      return Optional.empty();
    }
    Digest.Algorithm algorithm = expected.map(Digest::algorithm).orElse(Digest.Algorithm.SHA256);
    try (Fd opened = file.get();
        InputStream in = new FileInputStream(opened.procPath());
        Ingest ingest = content.ingest(algorithm)) {
      in.transferTo(ingest);
      Digest digest = ingest.complete();
      ingest.publish(expected.orElse(digest));
      return Optional.of(new StoredBlob(digest, ingest.size()));
    }
  }

  private Optional<Fd> open(String name) throws IOException {
    Fd file;
    try {
      file = FileOpen.in(root, name, FLAGS, 0, Resolve.BENEATH | Resolve.NO_MAGICLINKS);
    } catch (KernelException e) {
      if (e.is(Errno.ENOENT)) {
        return Optional.empty();
      }
      throw e;
    }
    if (FileStat.of(file).type() != FileType.REGULAR) {
      file.close();
      throw new ImageException(
          Kind.MALFORMED, "malformed image layout: \"" + name + "\" is not a regular file");
    }
    return Optional.of(file);
  }

  @Override
  public void close() {
    root.close();
  }
}
