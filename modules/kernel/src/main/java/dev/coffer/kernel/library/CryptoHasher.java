package dev.coffer.kernel.library;

import dev.coffer.kernel.library.CryptoLibrary.Functions;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.security.MessageDigest;

/** A hasher that calls libcrypto. */
final class CryptoHasher extends MessageDigest {
  /** Bounds how long a garbage collection waits for a call: a fraction of a millisecond. */
  private static final int CHUNK = 256 * 1024;

  private final Functions functions;
  private final MemorySegment state = Arena.ofAuto().allocate(Functions.STATE_BYTES, 16);
  private final byte[] one = new byte[1];

  CryptoHasher(Functions functions) {
    super(functions.algorithm().label());
    this.functions = functions;
    engineReset();
  }

  @Override
  protected int engineGetDigestLength() {
    return switch (functions.algorithm()) {
      case SHA256 -> 32;
      case SHA512 -> 64;
    };
  }

  @Override
  protected void engineUpdate(byte octet) {
    one[0] = octet;
    engineUpdate(one, 0, 1);
  }

  @Override
  protected void engineUpdate(byte[] bytes, int offset, int length) {
    MemorySegment data = MemorySegment.ofArray(bytes).asSlice(offset, length);
    for (long at = 0; at < length; at += CHUNK) {
      update(data.asSlice(at, Math.min(CHUNK, length - at)));
    }
  }

  private void update(MemorySegment data) {
    try {
      int ignored = (int) functions.update().invokeExact(state, data, data.byteSize());
    } catch (Throwable thrown) {
      throw HostLibrary.impossible(thrown);
    }
  }

  @Override
  protected byte[] engineDigest() {
    byte[] digest = new byte[engineGetDigestLength()];
    try {
      int ignored = (int) functions.end().invokeExact(MemorySegment.ofArray(digest), state);
    } catch (Throwable thrown) {
      throw HostLibrary.impossible(thrown);
    }
    engineReset();
    return digest;
  }

  @Override
  protected void engineReset() {
    try {
      int ignored = (int) functions.init().invokeExact(state);
    } catch (Throwable thrown) {
      throw HostLibrary.impossible(thrown);
    }
  }
}
