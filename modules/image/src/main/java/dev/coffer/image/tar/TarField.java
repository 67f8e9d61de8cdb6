package dev.coffer.image.tar;

import dev.coffer.image.ImageException;
import dev.coffer.kernel.NativeText;
import java.util.Arrays;

/** Reads the fields of a tar header block. Source: pax(1), "ustar Interchange Format"; tar(5). */
final class TarField {
  private TarField() {}

  /** Bytes up to a NUL or the field's end. */
  static String text(byte[] block, int offset, int length) {
    int end = offset;
    while (end < offset + length && block[end] != 0) {
      end++;
    }
    return NativeText.decode(Arrays.copyOfRange(block, offset, end));
  }

  /**
   * Octal digits among blanks, or, with the first bit set, a big-endian two's complement number.
   */
  static long number(byte[] block, int offset, int length) throws ImageException {
    return (block[offset] & 0x80) != 0
        ? binary(block, offset, length)
        : octal(block, offset, length);
  }

  private static long octal(byte[] block, int offset, int length) throws ImageException {
    int at = offset;
    int end = offset + length;
    while (at < end && block[at] == ' ') {
      at++;
    }
    long value = 0;
    for (; at < end && block[at] >= '0' && block[at] <= '7'; at++) {
      if (value >>> 60 != 0) {
        throw malformed("a number does not fit 63 bits");
      }
      value = (value << 3) | (block[at] - '0');
    }
    for (; at < end && block[at] != 0; at++) {
      if (block[at] != ' ') {
        throw malformed("a numeric field holds other characters");
      }
    }
    return value;
  }

  private static long binary(byte[] block, int offset, int length) throws ImageException {
    boolean negative = (block[offset] & 0x40) != 0;
    long value = negative ? -1 : 0;
    for (int i = 0; i < length; i++) {
      // The marker bit gives way to the sign.
      int octet = block[offset + i] & 0xff;
      if (i == 0) {
        octet = negative ? octet | 0x80 : octet & 0x7f;
      }
      if (value >> 55 != (negative ? -1 : 0)) {
        throw malformed("a number does not fit 63 bits");
      }
      value = (value << 8) | octet;
    }
    return value;
  }

  /** Whether the checksum is right; old tars summed signed bytes. */
  static boolean checksumMatches(byte[] block) throws ImageException {
    long expected = number(block, 148, 8);
    long unsigned = 0;
    long signed = 0;
    for (int i = 0; i < block.length; i++) {
      byte octet = i >= 148 && i < 156 ? (byte) ' ' : block[i];
      unsigned += octet & 0xff;
      signed += octet;
    }
    return expected == unsigned || expected == signed;
  }

  static ImageException malformed(String cause) {
    return new ImageException(ImageException.Kind.MALFORMED, "malformed archive: " + cause);
  }
}
