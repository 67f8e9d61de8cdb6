package dev.coffer.image.archive;

import dev.coffer.image.ImageException;
import dev.coffer.spec.image.Digest;
import java.io.IOException;
import java.util.Optional;

/** The files of an image archive, by their paths in it. */
interface ArchiveFiles extends AutoCloseable {

  /**
   * Reads a small file; empty when there is none.
   *
   * @throws ImageException LIMIT_EXCEEDED
   */
  Optional<byte[]> read(String name, int maxBytes) throws IOException;

  /**
   * Makes a file a blob of the store; empty when there is none.
   *
   * @param expected the digest that it must have, if it is known
   * @throws ImageException DIGEST_MISMATCH
   */
  Optional<StoredBlob> store(String name, Optional<Digest> expected) throws IOException;

  @Override
  void close() throws IOException;
}
