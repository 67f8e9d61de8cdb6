package dev.coffer.kernel.library;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** All implementations that this host has do the same. */
class RawInflaterTest {
  static Stream<RawInflater> implementations() {
    return Stream.concat(
        Stream.of(new JavaInflater()), IsaLibrary.INSTALLED.stream().map(IsaInflater::new));
  }

  @ParameterizedTest
  @MethodSource("implementations")
  void undoesWhatWasCompressedWhateverThePieces(RawInflater inflater) throws Exception {
    try (inflater) {
      for (int level : new int[] {0, 1, 6, 9}) {
        byte[] text = text(700_000);
        byte[] compressed = deflate(text, level);
        for (int piece : new int[] {1, 7, 4096, 128 * 1024, 1 << 20}) {
          inflater.reset();
          Result result = inflate(inflater, compressed, piece, 256 * 1024, text.length);
          assertThat(result.out).isEqualTo(text);
          assertThat(inflater.written()).isEqualTo(text.length);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("implementations")
  void tellsWhatFollowsTheStream(RawInflater inflater) throws Exception {
    try (inflater) {
      byte[] text = text(100_000);
      byte[] compressed = deflate(text, 6);
      byte[] followed = Arrays.copyOf(compressed, compressed.length + 20);
      for (int piece : List.of(3, 1000, followed.length)) {
        for (int room : List.of(1, 100, 300_000)) {
          inflater.reset();
          Result result = inflate(inflater, followed, piece, room, text.length);
          assertThat(result.out).isEqualTo(text);
          assertThat(result.given - inflater.remaining()).isEqualTo(compressed.length);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("implementations")
  void isNotFinishedBeforeTheEnd(RawInflater inflater) throws Exception {
    try (inflater) {
      byte[] compressed = deflate(text(100_000), 6);
      inflater.setInput(compressed, 0, compressed.length - 1);
      byte[] out = new byte[200_000];
      while (inflater.inflate(out, 0, out.length) > 0) {}
      assertThat(inflater.finished()).isFalse();
      assertThat(inflater.needsInput()).isTrue();
    }
  }

  @ParameterizedTest
  @MethodSource("implementations")
  void refusesWhatIsNoStream(RawInflater inflater) {
    try (inflater) {
      byte[] broken = new byte[1000];
      Arrays.fill(broken, (byte) 0xff);
      inflater.setInput(broken, 0, broken.length);
      assertThatThrownBy(() -> inflater.inflate(new byte[1000], 0, 1000))
          .isInstanceOf(DataFormatException.class);
    }
  }

  @ParameterizedTest
  @MethodSource("implementations")
  void survivesFlippedBytes(RawInflater inflater) {
    try (inflater) {
      Random random = new Random(3);
      byte[] compressed = deflate(text(50_000), 6);
      for (int i = 0; i < 300; i++) {
        byte[] flipped = compressed.clone();
        flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
        inflater.reset();
        try {
          Result result = inflate(inflater, flipped, 1 + random.nextInt(5000), 4096, 1 << 20);
          assertThat(result.out.length).isLessThanOrEqualTo(1 << 20);
        } catch (DataFormatException refused) {
          assertThat(refused).hasMessageNotContaining("null");
        }
      }
    }
  }

  private static final class Result {
    final byte[] out;
    final int given;

    Result(byte[] out, int given) {
      this.out = out;
      this.given = given;
    }
  }

  private static Result inflate(
      RawInflater inflater, byte[] compressed, int piece, int room, int most)
      throws DataFormatException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] into = new byte[room];
    byte[] reused = new byte[piece];
    int given = 0;
    while (!inflater.finished() && out.size() <= most) {
      int count = inflater.inflate(into, 0, room);
      out.write(into, 0, count);
      if (count == 0 && !inflater.finished()) {
        if (given == compressed.length) {
          break;
        }
        int length = Math.min(piece, compressed.length - given);
        System.arraycopy(compressed, given, reused, 0, length);
        inflater.setInput(reused, 0, length);
        given += length;
      }
    }
    return new Result(out.toByteArray(), given);
  }

  private static byte[] text(int length) {
    byte[] text = new byte[length];
    Random random = new Random(length);
    for (int i = 0; i < length; i++) {
      int back = i > 40_000 ? random.nextInt(30_000) : 0;
      text[i] = back > 15_000 ? text[i - back] : (byte) ('a' + random.nextInt(20));
    }
    return text;
  }

  private static byte[] deflate(byte[] text, int level) {
    try (Deflater deflater = new Deflater(level, true)) {
      deflater.setInput(text);
      deflater.finish();
      byte[] out = new byte[text.length + 1000];
      int length = deflater.deflate(out);
      return Arrays.copyOf(out, length);
    }
  }
}
