package dev.coffer.image.copy;

import dev.coffer.image.ImageException;
import dev.coffer.image.archive.DirectoryReader;
import dev.coffer.spec.image.Descriptor;
import dev.coffer.spec.image.Digest;
import dev.coffer.spec.image.Reference;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A source whose manifests and blobs are files below a directory that anybody may have written. */
abstract class FileSource implements ImageSource {
  private final String shown;
  private final DirectoryReader directory;

  FileSource(String shown, Path directory) throws IOException {
    this.shown = shown;
    this.directory = new DirectoryReader(directory);
  }

  abstract String blobPath(Digest digest);

  abstract String manifestPath(Digest digest);

  abstract ImageException missing(Digest blob);

  @Override
  public String name() {
    return shown;
  }

  Optional<byte[]> read(String path) throws IOException {
    return directory.read(path, RawManifest.MAX_BYTES);
  }

  @Override
  public Optional<RawManifest> manifest(Descriptor child) throws IOException {
    Optional<byte[]> bytes = read(manifestPath(child.digest()));
    return bytes.isEmpty()
        ? Optional.empty()
        : Optional.of(RawManifest.of(shown, child, bytes.get()));
  }

  @Override
  public InputStream blob(Descriptor blob, long offset) throws IOException {
    InputStream in =
        directory.open(blobPath(blob.digest())).orElseThrow(() -> missing(blob.digest()));
    in.skipNBytes(offset);
    return in;
  }

  @Override
  public boolean isVerified() {
    return false;
  }

  @Override
  public List<Reference> origins(Digest blob) {
    return List.of();
  }

  @Override
  public void close() {
    directory.close();
  }
}
