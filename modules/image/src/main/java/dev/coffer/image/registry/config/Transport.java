package dev.coffer.image.registry.config;

/** How a registry's host may be spoken to. */
public enum Transport {
  /** Encrypted, or not at all. */
  TLS,
  /** Encrypted where the host can, in the clear where it cannot. */
  TLS_OR_PLAIN,
  /** In the clear. */
  PLAIN
}
