package dev.coffer.plan.op;

import dev.coffer.plan.wire.Errno;
import dev.coffer.plan.wire.Syscall;

/**
 * Makes a directory in a file system that this plan made itself.
 *
 * @param directory descriptor of the parent
 * @param name path in it
 * @param mode permission bits
 */
public record MakeDirectory(Slot directory, String name, int mode, String why) implements Op {
  @Override
  public String describe() {
    return "create directory \"" + name + "\"";
  }

  @Override
  public void lower(Lowering lowering) {
    lowering
        .call(Syscall.MKDIRAT, lowering.slot(directory), lowering.text(name), lowering.number(mode))
        .ignoring(Errno.EEXIST);
  }
}
