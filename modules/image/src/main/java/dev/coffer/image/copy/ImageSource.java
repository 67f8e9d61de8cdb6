package dev.coffer.image.copy;

import dev.coffer.spec.image.Descriptor;
import dev.coffer.spec.image.Digest;
import dev.coffer.spec.image.Reference;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/**
 * One image, index or artifact, wherever it is kept. Several threads may read blobs at once.
 *
 * <p>All methods throw {@link dev.coffer.image.ImageException} for what the user can understand.
 */
public interface ImageSource extends AutoCloseable {

  /** The place as messages name it. */
  String name();

  /** What the name stands for. */
  RawManifest target() throws IOException;

  /** A manifest that an index of this source lists; empty when the source does not have it. */
  Optional<RawManifest> manifest(Descriptor child) throws IOException;

  /**
   * Opens a blob from an offset on. Its bytes are not verified: the reader does that.
   *
   * @throws dev.coffer.image.ImageException NOT_FOUND
   */
  InputStream blob(Descriptor blob, long offset) throws IOException;

  /**
   * Whether all blobs had their digests when they were put where they are, out of others' reach.
   */
  boolean isVerified();

  /** Repositories that may have a blob, for registries that can take it from there. */
  List<Reference> origins(Digest blob);

  @Override
  void close() throws IOException;
}
