package dev.coffer.image.copy;

import dev.coffer.image.ImageException;
import dev.coffer.image.ImageException.Kind;
import dev.coffer.image.archive.DirectoryReader;
import dev.coffer.spec.image.Descriptor;
import dev.coffer.spec.image.Digest;
import dev.coffer.spec.image.Reference;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * One image as loose files in a directory, in the form of skopeo's {@code dir:}: {@code
 * manifest.json}, {@code <hex>.manifest.json} for what an index lists, and blobs by {@code <hex>}.
 */
public final class DirectorySource implements ImageSource {
  static final String MANIFEST = "manifest.json";

  private final String shown;
  private final DirectoryReader directory;

  /**
   * Opens a directory.
   *
   * @param shown its name for messages
   */
  public DirectorySource(String shown, Path directory) throws IOException {
    this.shown = shown;
    this.directory = new DirectoryReader(directory);
  }

  static String childName(Digest digest) {
    return digest.hex() + "." + MANIFEST;
  }

  @Override
  public String name() {
    return shown;
  }

  @Override
  public RawManifest target() throws IOException {
    byte[] bytes =
        directory
            .read(MANIFEST, RawManifest.MAX_BYTES)
            .orElseThrow(
                () ->
                    new ImageException(
                        Kind.NOT_FOUND,
                        "no image in %s: it has no manifest.json".formatted(shown)));
    return RawManifest.of(shown, bytes);
  }

  @Override
  public Optional<RawManifest> manifest(Descriptor child) throws IOException {
    Optional<byte[]> bytes = directory.read(childName(child.digest()), RawManifest.MAX_BYTES);
    return bytes.isEmpty()
        ? Optional.empty()
        : Optional.of(RawManifest.of(shown, child, bytes.get()));
  }

  @Override
  public InputStream blob(Descriptor blob, long offset) throws IOException {
    InputStream in =
        directory
            .open(blob.digest().hex())
            .orElseThrow(
                () ->
                    new ImageException(
                        Kind.NOT_FOUND,
                        "blob %s of %s is missing".formatted(blob.digest(), shown)));
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
