package dev.coffer.image.tar;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A header as it is written. Names and links that do not fit are cut off: whoever writes them says
 * them elsewhere, too. Source: pax(1), "ustar Interchange Format".
 */
final class HeaderBlock {
  static final int SIZE = 512;

  /** Bytes of a name or link that fit. */
  static final int TEXT = 100;

  /** The largest size and time that octal digits can say. */
  static final long MAX_OCTAL = 0x1_ffff_ffffL;

  private static final int SUM = 148;
  private static final int SUM_END = 156;

  private final byte[] block = new byte[SIZE];

  HeaderBlock(char flag, byte[] name, byte[] link) {
    text(0, name);
    block[156] = (byte) flag;
    text(157, link);
    text(257, "ustar\00000".getBytes(StandardCharsets.US_ASCII));
    owner(0, 0);
    device(0, 0);
  }

  HeaderBlock mode(int mode) {
    octal(100, 8, mode);
    return this;
  }

  /** Ids up to 07777777. */
  HeaderBlock owner(long uid, long gid) {
    octal(108, 8, uid);
    octal(116, 8, gid);
    return this;
  }

  /** Seconds, 0 to {@link #MAX_OCTAL}. */
  HeaderBlock modified(long seconds) {
    octal(136, 12, seconds);
    return this;
  }

  /** Up to {@link #MAX_OCTAL}. */
  HeaderBlock size(long size) {
    octal(124, 12, size);
    return this;
  }

  /** Any size, in GNU's way. */
  HeaderBlock binarySize(long size) {
    block[124] = (byte) 0x80;
    for (int i = 0; i < 8; i++) {
      block[135 - i] = (byte) (size >>> (8 * i));
    }
    return this;
  }

  HeaderBlock device(long major, long minor) {
    octal(329, 8, major);
    octal(337, 8, minor);
    return this;
  }

  void writeTo(OutputStream out) throws IOException {
    Arrays.fill(block, SUM, SUM_END, (byte) ' ');
    long sum = 0;
    for (byte octet : block) {
      sum += octet & 0xff;
    }
    octal(SUM, 7, sum);
    out.write(block);
  }

  /** Writes what is missing to whole blocks behind so many bytes. */
  static void pad(OutputStream out, long size) throws IOException {
    out.write(new byte[(int) (-size & (SIZE - 1))]);
  }

  /** Writes the end of an archive. */
  static void end(OutputStream out) throws IOException {
    out.write(new byte[2 * SIZE]);
    out.flush();
  }

  private void text(int offset, byte[] bytes) {
    System.arraycopy(bytes, 0, block, offset, Math.min(bytes.length, TEXT));
  }

  private void octal(int offset, int length, long value) {
    String digits = Long.toOctalString(value);
    text(
        offset,
        ("0".repeat(length - 1 - digits.length()) + digits).getBytes(StandardCharsets.US_ASCII));
  }
}
