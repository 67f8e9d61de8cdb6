package dev.coffer.image.layer;

import dev.coffer.image.ArchiveLimits;
import dev.coffer.image.ImageException;
import dev.coffer.image.ImageException.Kind;
import dev.coffer.image.stream.HashingStream;
import dev.coffer.image.stream.PlainStream;
import dev.coffer.image.stream.ReadAhead;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.FileTree;
import dev.coffer.kernel.OpenFlags;
import dev.coffer.spec.image.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * A layer that is being unpacked in a directory of its own: {@link #unpack}, then {@link #publish}.
 * Closed before that, it goes to the trash. For use by one thread at a time.
 */
final class Staging implements AutoCloseable {
  /** The unpacked files, within the layer's directory. */
  static final String FILES = "diff";

  private static final int DIRECTORY = OpenFlags.RDONLY | OpenFlags.DIRECTORY | OpenFlags.NOFOLLOW;

  private final Digest blob;
  private final Fd layers;
  private final String name;
  private final TreeRemoval removal;
  private final Fd directory;
  private final Fd files;
  private final LayerUnpacker unpacker;
  private Digest diffId;
  private boolean closed;

  Staging(
      Digest blob,
      Fd layers,
      String name,
      TreeRemoval removal,
      Privileges privileges,
      ArchiveLimits limits)
      throws IOException {
    this.blob = blob;
    this.layers = layers;
    this.name = name;
    this.removal = removal;
    FileTree.makeDirectory(layers, name, 0700);
    this.directory = FileOpen.at(layers, name, DIRECTORY, 0);
    FileTree.makeDirectory(directory, FILES, 0700);
    this.files = FileOpen.at(directory, FILES, DIRECTORY, 0);
    this.unpacker = new LayerUnpacker(files, removal, privileges, limits);
  }

  /**
   * Unpacks the archive.
   *
   * @param expected the digest that the uncompressed archive must have, if it is known
   * @throws ImageException what {@link LayerUnpacker#unpack} throws, and DIGEST_MISMATCH
   */
  void unpack(InputStream archive, Optional<Digest> expected, ArchiveLimits limits)
      throws IOException {
    Digest.Algorithm algorithm = expected.map(Digest::algorithm).orElse(Digest.Algorithm.SHA256);
    try (PlainStream plain = PlainStream.open(archive, limits);
        ReadAhead ahead = new ReadAhead(plain);
        HashingStream hashed = new HashingStream(ahead, algorithm)) {
      unpacker.unpack(hashed);
      diffId = hashed.digest();
    }
    if (expected.isPresent() && !expected.get().equals(diffId)) {
      throw new ImageException(
          Kind.DIGEST_MISMATCH,
          "digest mismatch: layer %s has the uncompressed digest %s"
              .formatted(expected.get(), diffId));
    }
  }

  Digest diffId() {
    return diffId;
  }

  /** Settles the layer on those below and makes it appear under its name. */
  LayerRecord publish(Digest chainId, LowerLayers lower, String bootId) throws IOException {
    try {
      new Settlement(unpacker, lower).settle();
    } catch (ImageException e) {
      throw failure(blob, e);
    }
    LayerRecord record =
        new LayerRecord(
            chainId,
            diffId,
            unpacker.sizeBytes(),
            unpacker.entries(),
            unpacker.skippedDevices(),
            unpacker.tree().root().isOpaque(),
            bootId);
    RecordFile.write(directory, record, false);
    FileTree.renameNew(layers, name, layers, chainId.hex());
    release();
    return record;
  }

  /** What is wrong with a layer's archive, with the blob that it is. */
  static ImageException failure(Digest blob, ImageException e) {
    return new ImageException(
        e.kind(), "cannot unpack layer %s: %s".formatted(blob, e.getMessage()), e);
  }

  private void release() {
    closed = true;
    unpacker.close();
    files.close();
    directory.close();
  }

  @Override
  public void close() throws IOException {
    if (!closed) {
      release();
      removal.discard(layers, name);
    }
  }
}
