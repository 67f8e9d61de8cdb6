package dev.coffer.plan.wire;

/**
 * A change of the pool before an instruction runs, or a slot loaded from it afterwards.
 *
 * @param kind what is written or read
 * @param pad the byte that fills up {@link Kind#SLOT_TEXT}
 * @param slot the slot it is about, or -1
 * @param at pool offset that is written or read
 * @param target pool offset whose address {@link Kind#POINTER} writes
 * @param width bytes written: 4 or 8 for {@link Kind#SLOT_INT}, at most 20 for {@link
 *     Kind#SLOT_TEXT}
 */
public record Patch(Kind kind, int pad, int slot, int at, int target, int width) {

  /** Ordinals are wire numbers. */
  public enum Kind {
    POINTER,
    SLOT_INT,
    SLOT_TEXT,
    LOAD
  }

  public static Patch pointer(int at, int target) {
    return new Patch(Kind.POINTER, 0, WireForm.NO_SLOT, at, target, 8);
  }

  public static Patch slotInt(int at, int slot, int width) {
    return new Patch(Kind.SLOT_INT, 0, slot, at, 0, width);
  }

  public static Patch slotText(int at, int slot, int width, char pad) {
    return new Patch(Kind.SLOT_TEXT, pad, slot, at, 0, width);
  }

  public static Patch load(int at, int slot) {
    return new Patch(Kind.LOAD, 0, slot, at, 0, 4);
  }
}
