package dev.coffer.plan.op;

import dev.coffer.plan.wire.Argument;
import dev.coffer.plan.wire.Bytes;
import dev.coffer.plan.wire.Patch;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A C structure in the making, written field by field in little-endian order. {@link #operand()}
 * puts it into the pool; the fields that depend on slots become patches.
 */
public final class Structure {
  private final Pool pool;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final List<Patch> relative = new ArrayList<>();
  private final List<Patch> absolute = new ArrayList<>();

  Structure(Pool pool) {
    this.pool = pool;
  }

  public Structure u8(int value) {
    bytes.write(value);
    return this;
  }

  public Structure u16(int value) {
    return u8(value).u8(value >> 8);
  }

  public Structure u32(long value) {
    return u16((int) value).u16((int) (value >> 16));
  }

  public Structure u64(long value) {
    return u32(value).u32(value >> 32);
  }

  public Structure zeros(int count) {
    bytes.writeBytes(new byte[count]);
    return this;
  }

  public Structure bytes(Bytes content) {
    bytes.writeBytes(content.toArray());
    return this;
  }

  public Structure text(String text) {
    bytes.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    return this;
  }

  /**
   * Eight bytes that will hold the address of what {@code target} points to; its own patches are
   * applied with those of this structure.
   */
  public Structure pointer(Operand target) {
    if (target.argument().kind() != Argument.Kind.POOL) {
      throw new IllegalArgumentException("a pointer needs something in the pool");
    }
    if (target.argument().value() >= 0) {
      relative.add(Patch.pointer(bytes.size(), (int) target.argument().value()));
      absolute.addAll(target.patches());
    }
    return zeros(Long.BYTES);
  }

  /** Four bytes that will hold a slot's value. */
  public Structure slot32(Slot slot) {
    relative.add(Patch.slotInt(bytes.size(), slot.index(), Integer.BYTES));
    return zeros(Integer.BYTES);
  }

  /** Eight bytes that will hold a slot's value. */
  public Structure slot64(Slot slot) {
    relative.add(Patch.slotInt(bytes.size(), slot.index(), Long.BYTES));
    return zeros(Long.BYTES);
  }

  /** A slot in decimal, filled up with {@code pad} to the longest a number can be. */
  public Structure slotText(Slot slot, char pad) {
    int width = 20;
    relative.add(Patch.slotText(bytes.size(), slot.index(), width, pad));
    return text(String.valueOf(pad).repeat(width));
  }

  /** Bytes written so far. */
  public int size() {
    return bytes.size();
  }

  /** The structure as an argument. */
  public Operand operand() {
    int base = pool.block(bytes.toByteArray());
    if (relative.isEmpty()) {
      return Operand.of(Argument.pool(base));
    }
    List<Patch> patches = new ArrayList<>(absolute);
    for (Patch patch : relative) {
      patches.add(
          new Patch(
              patch.kind(),
              patch.pad(),
              patch.slot(),
              base + patch.at(),
              patch.target(),
              patch.width()));
    }
    return new Operand(Argument.pool(base), patches);
  }
}
