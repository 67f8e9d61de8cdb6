package dev.coffer.runtime.dbus;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The types of integers. */
public enum IntegerType {
  BYTE('y', 1, false),
  INT16('n', 2, true),
  UINT16('q', 2, false),
  INT32('i', 4, true),
  UINT32('u', 4, false),
  INT64('x', 8, true),
  UINT64('t', 8, false);

  private final char letter;
  private final int size;
  private final boolean signed;

  IntegerType(char letter, int size, boolean signed) {
    this.letter = letter;
    this.size = size;
    this.signed = signed;
  }

  /** In a signature. */
  public char letter() {
    return letter;
  }

  /** In bytes; they are aligned to as many. */
  public int size() {
    return size;
  }

  /** As text forms of values have it, such as {@code uint32}. */
  public String keyword() {
    return name().toLowerCase(Locale.ROOT);
  }

  boolean holds(long number) {
    int bits = size * Byte.SIZE;
    if (bits == Long.SIZE) {
      return true;
    }
    return signed
        ? number >= -(1L << (bits - 1)) && number < 1L << (bits - 1)
        : number >= 0 && number < 1L << bits;
  }

  /** The number that these bits are. */
  long read(long bits) {
    int unused = Long.SIZE - size * Byte.SIZE;
    return signed ? bits << unused >> unused : bits << unused >>> unused;
  }

  boolean isSigned() {
    return signed;
  }

  static Optional<IntegerType> of(char letter) {
    return Arrays.stream(values()).filter(each -> each.letter == letter).findFirst();
  }

  /** By {@link #keyword}. */
  public static Optional<IntegerType> named(String keyword) {
    return Arrays.stream(values()).filter(each -> each.keyword().equals(keyword)).findFirst();
  }
}
