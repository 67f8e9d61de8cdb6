package dev.coffer.image.transfer;

import dev.coffer.spec.image.Descriptor;
import dev.coffer.spec.image.Digest;

/**
 * Something that happens to a blob on its way, or to the whole. Events of one blob come in the
 * order of their happening, those of several in any.
 */
public sealed interface TransferEvent {

  /** What a name stands for is known now. */
  record Resolved(String name, Descriptor target) implements TransferEvent {}

  /** A blob is wanted; it will arrive, or is found to be there. */
  record Waiting(Descriptor blob) implements TransferEvent {}

  /** A blob need not be sent: it is where it is wanted. */
  record Exists(Descriptor blob) implements TransferEvent {}

  /** A blob need not be sent: the registry took it from another of its repositories. */
  record Mounted(Descriptor blob, String from) implements TransferEvent {}

  /** A blob is not sent: its licence keeps it where it is. */
  record LeftOut(Descriptor blob) implements TransferEvent {}

  /**
   * A blob's bytes are under way.
   *
   * @param bytes how many are there, those of earlier attempts included
   */
  record Progress(Descriptor blob, long bytes) implements TransferEvent {}

  /** A blob's bytes are all there and have its digest; what follows is unpacking. */
  record Transferred(Descriptor blob) implements TransferEvent {}

  /** A blob is where it is wanted, unpacked if it is a layer. */
  record Complete(Descriptor blob) implements TransferEvent {}

  /** A blob's sender failed and is asked again. */
  record Retrying(Descriptor blob, String cause) implements TransferEvent {}

  /** Something that the user should know and that stops nothing. */
  record Warning(String text) implements TransferEvent {}

  /** All of it is there. */
  record Finished(String name, Digest target) implements TransferEvent {}
}
