package dev.coffer.engine.model;

/** One thing that a removal took away. */
public sealed interface ImageDeletion {

  /** A reference. */
  record Untagged(String reference) implements ImageDeletion {}

  /** An image or a layer. */
  record Deleted(String id) implements ImageDeletion {}
}
