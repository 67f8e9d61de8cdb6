package dev.coffer.image.copy;

import dev.coffer.image.ImageException;
import dev.coffer.image.ImageException.Kind;
import dev.coffer.spec.SpecException;
import dev.coffer.spec.image.Descriptor;
import dev.coffer.spec.image.Digest;
import dev.coffer.spec.image.Index;
import dev.coffer.spec.image.Manifest;
import dev.coffer.spec.image.MediaTypes;
import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.Limits;

/** A manifest or an index byte for byte, with the descriptor that names it. */
public final class RawManifest {
  /** As large as registries allow a manifest to be. */
  public static final int MAX_BYTES = 4 << 20;

  private final Descriptor descriptor;
  private final byte[] bytes;

  private RawManifest(Descriptor descriptor, byte[] bytes) {
    this.descriptor = descriptor;
    this.bytes = bytes;
  }

  /**
   * Takes over bytes that were asked for by a descriptor.
   *
   * @param where who gave them, for messages
   * @throws ImageException DIGEST_MISMATCH, MALFORMED, NOT_SUPPORTED
   */
  public static RawManifest of(String where, Descriptor descriptor, byte[] bytes)
      throws ImageException {
    Digest digest = Digest.of(descriptor.digest().algorithm(), bytes);
    if (!digest.equals(descriptor.digest())) {
      throw new ImageException(
          Kind.DIGEST_MISMATCH,
          "digest mismatch: manifest %s of %s has the digest %s"
              .formatted(descriptor.digest(), where, digest));
    }
    Descriptor checked = descriptor;
    if (descriptor.mediaType().isEmpty()) {
      checked = Descriptor.of(mediaType(where, bytes), digest, bytes.length);
    }
    RawManifest raw = new RawManifest(checked, bytes);
    raw.checkKind(where);
    return raw;
  }

  /** Takes over bytes that were asked for by a name; what they are is read from them. */
  public static RawManifest of(String where, byte[] bytes) throws ImageException {
    String mediaType = mediaType(where, bytes);
    return of(where, Descriptor.of(mediaType, Digest.ofBytes(bytes), bytes.length), bytes);
  }

  /** Bytes that were just written. */
  static RawManifest written(String mediaType, byte[] bytes) {
    return new RawManifest(Descriptor.of(mediaType, Digest.ofBytes(bytes), bytes.length), bytes);
  }

  private static String mediaType(String where, byte[] bytes) throws ImageException {
    try {
      JsonCursor root = JsonCursor.read(where, bytes, Limits.CONFIG);
      String named = root.field("mediaType").stringOrEmpty();
      if (!named.isEmpty()) {
        return named;
      }
      if (root.field("fsLayers").isPresent()) {
        throw schema1(where);
      }
      return root.field("manifests").isPresent() ? MediaTypes.OCI_INDEX : MediaTypes.OCI_MANIFEST;
    } catch (SpecException e) {
      throw malformed(where, e);
    }
  }

  /**
   * What could be read as an index by one and as an image by another is neither (CVE-2021-41190).
   */
  private void checkKind(String where) throws ImageException {
    if (MediaTypes.isSchema1(descriptor.mediaType())) {
      throw schema1(where);
    }
    if (!isIndex() && !MediaTypes.isManifest(descriptor.mediaType())) {
      throw new ImageException(
          Kind.NOT_SUPPORTED,
          "not supported: %s of %s has the media type \"%s\", which is no manifest's"
              .formatted(descriptor.digest(), where, descriptor.mediaType()));
    }
    try {
      JsonCursor root = JsonCursor.read(where, bytes, Limits.CONFIG);
      String named = root.field("mediaType").stringOrEmpty();
      boolean other = root.field(isIndex() ? "layers" : "manifests").isPresent();
      if (other || !(named.isEmpty() || named.equals(descriptor.mediaType()))) {
        throw new ImageException(
            Kind.MALFORMED,
            "malformed manifest %s of %s: it is not the %s that it is said to be"
                .formatted(descriptor.digest(), where, isIndex() ? "index" : "image manifest"));
      }
    } catch (SpecException e) {
      throw malformed(where, e);
    }
  }

  private static ImageException schema1(String where) {
    return new ImageException(
        Kind.NOT_SUPPORTED,
        "not supported: the manifest of %s is of schema 1 (push the image again with a current tool)"
            .formatted(where));
  }

  private static ImageException malformed(String where, SpecException cause) {
    return new ImageException(
        Kind.MALFORMED, "malformed manifest of %s: %s".formatted(where, cause.getMessage()), cause);
  }

  /** Its media type, digest and size. */
  public Descriptor descriptor() {
    return descriptor;
  }

  public Digest digest() {
    return descriptor.digest();
  }

  /** Its bytes; not to be changed. */
  public byte[] bytes() {
    return bytes;
  }

  public boolean isIndex() {
    return MediaTypes.isIndex(descriptor.mediaType());
  }

  /** What an index says. */
  public Index index() throws ImageException {
    try {
      return Index.read(cursor());
    } catch (SpecException e) {
      throw malformed(descriptor.digest().toString(), e);
    }
  }

  /** What an image's or artifact's manifest says. */
  public Manifest manifest() throws ImageException {
    try {
      return Manifest.read(cursor());
    } catch (SpecException e) {
      throw malformed(descriptor.digest().toString(), e);
    }
  }

  private JsonCursor cursor() {
    return JsonCursor.read(descriptor.digest().toString(), bytes, Limits.CONFIG);
  }
}
