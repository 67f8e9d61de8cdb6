package dev.coffer.image.copy;

import dev.coffer.image.ImageException;
import dev.coffer.image.ImageException.Kind;
import dev.coffer.spec.image.Digest;
import java.io.IOException;
import java.nio.file.Path;

/**
 * One image as loose files in a directory, in the form of skopeo's {@code dir:}: {@code
 * manifest.json}, {@code <hex>.manifest.json} for what an index lists, and blobs by {@code <hex>}.
 */
public final class DirectorySource extends FileSource {
  static final String MANIFEST = "manifest.json";

  /**
   * Opens a directory.
   *
   * @param shown its name for messages
   */
  public DirectorySource(String shown, Path directory) throws IOException {
    super(shown, directory);
  }

  static String childName(Digest digest) {
    return digest.hex() + "." + MANIFEST;
  }

  @Override
  public RawManifest target() throws IOException {
    byte[] bytes =
        read(MANIFEST)
            .orElseThrow(
                () ->
                    new ImageException(
                        Kind.NOT_FOUND,
                        "no image in %s: it has no manifest.json".formatted(name())));
    return RawManifest.of(name(), bytes);
  }

  @Override
  String blobPath(Digest digest) {
    return digest.hex();
  }

  @Override
  String manifestPath(Digest digest) {
    return childName(digest);
  }

  @Override
  ImageException missing(Digest blob) {
    return new ImageException(Kind.NOT_FOUND, "blob %s of %s is missing".formatted(blob, name()));
  }
}
