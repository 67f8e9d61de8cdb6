package dev.coffer.image.registry;

import dev.coffer.spec.image.Descriptor;

/** A manifest or an index as a registry gave it, byte for byte. */
public final class RemoteManifest {
  private final Descriptor descriptor;
  private final byte[] bytes;

  /** Takes over the bytes, which must have the descriptor's digest and size. */
  public RemoteManifest(Descriptor descriptor, byte[] bytes) {
    this.descriptor = descriptor;
    this.bytes = bytes;
  }

  /** Its media type, digest and size. */
  public Descriptor descriptor() {
    return descriptor;
  }

  /** Its bytes; not to be changed. */
  public byte[] bytes() {
    return bytes;
  }
}
