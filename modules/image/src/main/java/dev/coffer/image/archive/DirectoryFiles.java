package dev.coffer.image.archive;

import dev.coffer.image.content.ContentStore;
import dev.coffer.image.content.Ingest;
import dev.coffer.spec.image.Digest;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;

/** An archive that lies unpacked in a directory. Only regular files beneath it are read. */
final class DirectoryFiles implements ArchiveFiles {
  private final ContentStore content;
  private final DirectoryReader directory;

  DirectoryFiles(Path directory, ContentStore content) throws IOException {
    this.content = content;
    this.directory = new DirectoryReader(directory);
  }

  @Override
  public Optional<byte[]> read(String name, int maxBytes) throws IOException {
    return directory.read(name, maxBytes);
  }

  @Override
  public Optional<StoredBlob> store(String name, Optional<Digest> expected) throws IOException {
    Optional<FileInputStream> file = directory.open(name);
    if (file.isEmpty()) {
      return Optional.empty();
    }
    Digest.Algorithm algorithm = expected.map(Digest::algorithm).orElse(Digest.Algorithm.SHA256);
    try (InputStream in = file.get();
        Ingest ingest = content.ingest(algorithm)) {
      in.transferTo(ingest);
      Digest digest = ingest.complete();
      ingest.publish(expected.orElse(digest));
      return Optional.of(new StoredBlob(digest, ingest.size()));
    }
  }

  @Override
  public void close() {
    directory.close();
  }
}
