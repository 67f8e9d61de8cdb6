package dev.coffer.plan.op;

import dev.coffer.plan.wire.Syscall;

/**
 * Sets the file mode creation mask.
 *
 * @param mask permission bits to take away
 */
public record Umask(int mask, String why) implements Op {
  @Override
  public String describe() {
    return "set the umask";
  }

  @Override
  public void lower(Lowering lowering) {
    lowering.call(Syscall.UMASK, lowering.number(mask));
  }
}
