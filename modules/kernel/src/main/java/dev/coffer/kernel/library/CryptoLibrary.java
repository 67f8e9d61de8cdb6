package dev.coffer.kernel.library;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.coffer.spec.image.Digest;
import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The hash functions of OpenSSL's libcrypto.
 *
 * <p>Those of SHA256_Init(3): their state is plain memory, which the garbage collector can own.
 */
record CryptoLibrary(Functions sha256, Functions sha512) {
  private static final FunctionDescriptor INIT = FunctionDescriptor.of(JAVA_INT, ADDRESS);
  private static final FunctionDescriptor UPDATE =
      FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG);
  private static final FunctionDescriptor FINAL = FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS);

  /** What one algorithm takes; the state's size is a little more than it needs. */
  record Functions(
      Digest.Algorithm algorithm, MethodHandle init, MethodHandle update, MethodHandle end) {
    static final int STATE_BYTES = 256;
  }

  /** Binds them, if the library is there and computes what Java does. */
  static Optional<CryptoLibrary> find() {
    Optional<HostLibrary> library = HostLibrary.find(List.of("libcrypto.so.3", "libcrypto.so.1.1"));
    if (library.isEmpty()) {
      return Optional.empty();
    }
    Optional<Functions> sha256 = bind(library.get(), Digest.Algorithm.SHA256, "SHA256");
    Optional<Functions> sha512 = bind(library.get(), Digest.Algorithm.SHA512, "SHA512");
    if (sha256.isEmpty() || sha512.isEmpty()) {
      return Optional.empty();
    }
    CryptoLibrary found = new CryptoLibrary(sha256.get(), sha512.get());
    return Optional.of(found).filter(CryptoLibrary::isRight);
  }

  private static Optional<Functions> bind(
      HostLibrary library, Digest.Algorithm algorithm, String prefix) {
    Optional<MethodHandle> init = library.bind(prefix + "_Init", INIT);
    Optional<MethodHandle> update = library.bind(prefix + "_Update", UPDATE);
    Optional<MethodHandle> end = library.bind(prefix + "_Final", FINAL);
    return init.isPresent() && update.isPresent() && end.isPresent()
        ? Optional.of(new Functions(algorithm, init.get(), update.get(), end.get()))
        : Optional.empty();
  }

  private boolean isRight() {
    byte[] text = "abc".getBytes(StandardCharsets.US_ASCII);
    for (Digest.Algorithm algorithm : Digest.Algorithm.values()) {
      byte[] expected = algorithm.newHasher().digest(text);
      if (!Arrays.equals(new CryptoHasher(functions(algorithm)).digest(text), expected)) {
        return false;
      }
    }
    return true;
  }

  Functions functions(Digest.Algorithm algorithm) {
    return switch (algorithm) {
      case SHA256 -> sha256;
      case SHA512 -> sha512;
    };
  }
}
