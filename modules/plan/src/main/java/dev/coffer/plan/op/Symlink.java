package dev.coffer.plan.op;

import dev.coffer.plan.wire.Errno;
import dev.coffer.plan.wire.Syscall;

/**
 * Makes a symbolic link below a descriptor.
 *
 * @param target where it points
 * @param directory descriptor of the container's /dev
 * @param name its name
 */
public record Symlink(String target, Slot directory, String name, String why) implements Op {
  @Override
  public String describe() {
    return "link \"/dev/" + name + "\" to \"" + target + "\"";
  }

  @Override
  public void lower(Lowering lowering) {
    lowering
        .call(
            Syscall.SYMLINKAT, lowering.text(target), lowering.slot(directory), lowering.text(name))
        .ignoring(Errno.EEXIST);
  }
}
