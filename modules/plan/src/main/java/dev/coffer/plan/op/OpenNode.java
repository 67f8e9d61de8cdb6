package dev.coffer.plan.op;

import dev.coffer.plan.wire.Code;
import dev.coffer.plan.wire.Linux;
import dev.coffer.plan.wire.OpenFlag;
import dev.coffer.plan.wire.Syscall;

/**
 * Opens a device node and checks that it is the device it should be, before it is used as a mask
 * (CVE-2025-31133).
 *
 * @param directory descriptor of the directory
 * @param name its name
 * @param major expected number
 * @param minor expected number
 * @param into slot for the descriptor
 */
public record OpenNode(Slot directory, String name, long major, long minor, Slot into, String why)
    implements Op {
  @Override
  public String describe() {
    return "check device \"" + name + "\"";
  }

  @Override
  public void lower(Lowering lowering) {
    lowering
        .call(
            Syscall.OPENAT,
            lowering.slot(directory),
            lowering.text(name),
            lowering.openFlags(OpenFlag.PATH, OpenFlag.NO_FOLLOW))
        .into(into);
    lowering.special(
        Code.EXPECT,
        lowering.slot(into),
        lowering.number(0),
        lowering.number(Linux.device(major, minor)),
        lowering.number(Linux.S_IFCHR));
  }
}
