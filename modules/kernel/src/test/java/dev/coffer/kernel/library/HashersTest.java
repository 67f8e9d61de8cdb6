package dev.coffer.kernel.library;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.spec.image.Digest;
import java.security.MessageDigest;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HashersTest {
  @ParameterizedTest
  @EnumSource
  void computesWhatJavaDoes(Digest.Algorithm algorithm) {
    byte[] bytes = new byte[1_000_003];
    new Random(1).nextBytes(bytes);
    MessageDigest hasher = Hashers.of(algorithm);
    MessageDigest expected = algorithm.newHasher();
    for (MessageDigest each : new MessageDigest[] {hasher, expected}) {
      each.update(bytes[0]);
      each.update(bytes, 1, 500);
      each.update(bytes, 501, 0);
      each.update(bytes, 501, bytes.length - 501);
    }
    assertThat(algorithm.finish(hasher)).isEqualTo(algorithm.finish(expected));
  }

  @ParameterizedTest
  @EnumSource
  void beginsAnewAfterTheDigest(Digest.Algorithm algorithm) {
    MessageDigest hasher = Hashers.of(algorithm);
    hasher.update(new byte[100]);
    Digest first = algorithm.finish(hasher);
    hasher.update(new byte[100]);
    assertThat(algorithm.finish(hasher)).isEqualTo(first);
    hasher.update((byte) 1);
    hasher.reset();
    hasher.update(new byte[100]);
    assertThat(algorithm.finish(hasher)).isEqualTo(first);
  }
}
