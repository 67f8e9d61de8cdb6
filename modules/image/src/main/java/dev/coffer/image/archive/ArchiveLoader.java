package dev.coffer.image.archive;

import dev.coffer.image.ArchiveLimits;
import dev.coffer.image.ImageException;
import dev.coffer.image.ImageException.Kind;
import dev.coffer.image.content.ContentStore;
import dev.coffer.spec.SpecException;
import dev.coffer.spec.image.Platform;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Takes the blobs of an image archive into the content store, whichever kind of archive it is. */
public final class ArchiveLoader {
  /** As large as registries allow a manifest to be. */
  static final int MAX_DOCUMENT = 4 << 20;

  private final ContentStore content;
  private final ArchiveLimits limits;

  public ArchiveLoader(ContentStore content, ArchiveLimits limits) {
    this.content = content;
    this.limits = limits;
  }

  /**
   * Takes in a tar, plain or compressed.
   *
   * @param platform of an index take only the manifest for this one
   * @throws ImageException MALFORMED, TRUNCATED, DIGEST_MISMATCH, LIMIT_EXCEEDED, NOT_SUPPORTED,
   *     NO_SUCH_PLATFORM; blobs that were taken in before stay, unreferenced
   */
  public List<LoadedTarget> load(InputStream archive, Optional<Platform> platform)
      throws IOException {
    try (ArchiveFiles files = new TarFiles(archive, content, limits)) {
      return load(files, platform);
    }
  }

  /** Takes in an OCI image layout that is a directory. */
  public List<LoadedTarget> loadLayout(Path directory, Optional<Platform> platform)
      throws IOException {
    try (ArchiveFiles files = new DirectoryFiles(directory, content)) {
      return load(files, platform);
    }
  }

  private List<LoadedTarget> load(ArchiveFiles files, Optional<Platform> platform)
      throws IOException {
    try {
      Optional<byte[]> index = files.read("index.json", MAX_DOCUMENT);
      if (index.isPresent()) {
        return new OciLayout(files, content, platform).load(index.get());
      }
      Optional<byte[]> manifest = files.read("manifest.json", MAX_DOCUMENT);
      if (manifest.isPresent()) {
        return new DockerArchive(files, content, platform).load(manifest.get());
      }
    } catch (SpecException e) {
      throw new ImageException(Kind.MALFORMED, "malformed image archive: " + e.getMessage(), e);
    }
    throw new ImageException(
        Kind.MALFORMED,
        "not an image archive: it has neither index.json nor manifest.json (for a root file"
            + " system's tar use import)");
  }
}
