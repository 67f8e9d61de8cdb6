package dev.coffer.plan.compile;

import dev.coffer.plan.PlanException;
import dev.coffer.plan.wire.Bytes;
import java.util.BitSet;

/** Lists of CPUs or memory nodes such as {@code 0-3,7}, as the bit masks that calls take. */
public final class NumberList {
  /** More than any kernel can be configured for. */
  private static final int LIMIT = 8192;

  private NumberList() {}

  /**
   * The mask, as 64-bit words in little-endian order.
   *
   * @param field the spec's field, for messages
   */
  public static Bytes mask(String list, String field) {
    BitSet numbers = new BitSet();
    for (String part : list.split(",", -1)) {
      String[] ends = part.split("-", 2);
      int first = number(ends[0], list, field);
      int last = ends.length == 1 ? first : number(ends[1], list, field);
      if (last < first) {
        throw refused(list, field);
      }
      numbers.set(first, last + 1);
    }
    byte[] bytes = numbers.toByteArray();
    byte[] words = new byte[(bytes.length + Long.BYTES - 1) / Long.BYTES * Long.BYTES];
    System.arraycopy(bytes, 0, words, 0, bytes.length);
    return Bytes.copyOf(words);
  }

  private static int number(String text, String list, String field) {
    if (!text.matches("[0-9]{1,4}") || Integer.parseInt(text) >= LIMIT) {
      throw refused(list, field);
    }
    return Integer.parseInt(text);
  }

  private static PlanException refused(String list, String field) {
    return new PlanException(
        "%s: \"%s\" is no list such as 0-3,7 of numbers below %d".formatted(field, list, LIMIT));
  }
}
