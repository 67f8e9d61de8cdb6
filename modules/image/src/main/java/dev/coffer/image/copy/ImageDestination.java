package dev.coffer.image.copy;

import dev.coffer.image.registry.BlobContent;
import dev.coffer.spec.image.Descriptor;
import dev.coffer.spec.image.Reference;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * A place for one image, index or artifact. First come the blobs, several at once, then the
 * manifests that an index lists, then the target. Nothing is named before {@link #finish}: a copy
 * that fails leaves at most blobs that nothing refers to, or a file under a temporary name that
 * {@link #close} removes.
 */
public interface ImageDestination extends AutoCloseable {

  /** The place as messages name it. */
  String name();

  /** How a blob came to be where it shall go without being sent. */
  sealed interface Reuse {
    /** It was there. */
    record Present() implements Reuse {}

    /** A registry took it from another of its repositories. */
    record Mounted(String from) implements Reuse {}
  }

  /** Whether layers that are kept elsewhere by their licence (foreign layers) may be missing. */
  boolean toleratesForeignLayers();

  /**
   * Looks whether a blob need not be sent.
   *
   * @param origins repositories that may have it
   * @return empty when it must be sent
   */
  Optional<Reuse> reuse(Descriptor blob, List<Reference> origins) throws IOException;

  /** Whether a blob with other bytes than its digest says is refused here. */
  boolean verifies();

  /**
   * Takes a blob in.
   *
   * @param content its bytes, as many as it should have; unless this place verifies, they fail at
   *     their end when they have another digest
   */
  void put(Descriptor blob, BlobContent content) throws IOException;

  /** Whether a manifest is there that the copy does not bring. */
  boolean hasManifest(Descriptor child) throws IOException;

  /** Takes in a manifest whose blobs are there. */
  void put(RawManifest child) throws IOException;

  /** Takes in the target and names it. */
  void finish(RawManifest target) throws IOException;

  @Override
  void close() throws IOException;
}
