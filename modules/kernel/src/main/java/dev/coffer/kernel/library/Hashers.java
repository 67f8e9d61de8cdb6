package dev.coffer.kernel.library;

import dev.coffer.spec.image.Digest;
import java.security.MessageDigest;
import java.util.Optional;

/**
 * Makes hashers for much data: by OpenSSL's libcrypto where the host has it, else by Java.
 *
 * <p>Java's own know the processor's instructions for it only once they are compiled by C2, which
 * the engine does without: 1,500 MB/s to 90.
 */
public final class Hashers {
  private static final Optional<CryptoLibrary> CRYPTO = CryptoLibrary.find();

  private Hashers() {}

  /** A new hasher; it may be used by one thread at a time. */
  public static MessageDigest of(Digest.Algorithm algorithm) {
    return CRYPTO
        .<MessageDigest>map(library -> new CryptoHasher(library.functions(algorithm)))
        .orElseGet(algorithm::newHasher);
  }
}
