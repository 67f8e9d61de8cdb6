package dev.coffer.image.content;

import dev.coffer.image.ImageException;
import dev.coffer.image.ImageException.Kind;
import dev.coffer.kernel.library.Hashers;
import dev.coffer.spec.image.Digest;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;

/**
 * A blob that arrives: write its bytes, then {@link #publish} it. Closing without that leaves no
 * trace. For use by one thread at a time.
 */
public final class Ingest extends OutputStream {
  private final ContentStore store;
  private final Path file;
  private final FileOutputStream out;
  private final Digest.Algorithm algorithm;
  private final MessageDigest hasher;
  private long size;
  private Digest digest;
  private boolean published;

  Ingest(ContentStore store, Path file, Digest.Algorithm algorithm) throws IOException {
    this.store = store;
    this.file = file;
    this.out = new FileOutputStream(file.toFile());
    this.algorithm = algorithm;
    this.hasher = Hashers.of(algorithm);
  }

  @Override
  public void write(int octet) throws IOException {
    write(new byte[] {(byte) octet}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    if (digest != null) {
      throw new IllegalStateException("the blob is complete");
    }
    out.write(bytes, offset, length);
    hasher.update(bytes, offset, length);
    size += length;
  }

  /** Bytes written so far. */
  public long size() {
    return size;
  }

  /** The digest of all that was written; nothing can be added any more. */
  public Digest complete() throws IOException {
    if (digest == null) {
      digest = algorithm.finish(hasher);
      out.close();
    }
    return digest;
  }

  /** Reads what was written. */
  public InputStream open() throws IOException {
    return Files.newInputStream(file);
  }

  /**
   * Makes the blob appear in the store.
   *
   * @throws ImageException DIGEST_MISMATCH when it is not the expected one; it stays unpublished
   */
  public void publish(Digest expected) throws IOException {
    if (!complete().equals(expected)) {
      throw new ImageException(
          Kind.DIGEST_MISMATCH,
          "digest mismatch: blob %s has the digest %s".formatted(expected, digest));
    }
    if (!store.has(digest)) {
      store.published(digest);
      Files.move(file, store.ownPath(digest), StandardCopyOption.ATOMIC_MOVE);
    } else {
      Files.delete(file);
    }
    published = true;
  }

  @Override
  public void close() throws IOException {
    out.close();
    if (!published) {
      published = true;
      Files.deleteIfExists(file);
    }
  }
}
