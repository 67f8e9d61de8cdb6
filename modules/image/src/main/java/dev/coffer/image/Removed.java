package dev.coffer.image;

import dev.coffer.spec.image.Digest;
import dev.coffer.spec.image.Reference;

/** One thing that a removal took away. */
public sealed interface Removed {

  /** A name no longer points at an image. */
  record Untagged(Reference reference) implements Removed {}

  /** An image (by its id) or a layer (by its chain id) is gone. */
  record Deleted(Digest id) implements Removed {}
}
