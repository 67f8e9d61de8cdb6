package dev.coffer.image.transfer;

/** Who is told of a transfer; from any thread, and must not keep it. */
@FunctionalInterface
public interface TransferListener {
  /** Nobody. */
  TransferListener NONE = _ -> {};

  /** Something happened. */
  void on(TransferEvent event);
}
