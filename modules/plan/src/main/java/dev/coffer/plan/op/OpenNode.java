package dev.coffer.plan.op;

import dev.coffer.plan.wire.Code;
import dev.coffer.plan.wire.Kernel;
import dev.coffer.plan.wire.OpenFlag;

/**
 * Opens a device node and checks that it is the device it should be, before it is used as a mask
 * (CVE-2025-31133).
 *
 * @param directory descriptor of a directory, taken as root
 * @param name path in it
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
    InRoot.open(lowering, directory, name, OpenFlag.PATH, OpenFlag.NO_FOLLOW).into(into);
    lowering.special(
        Code.EXPECT,
        lowering.slot(into),
        lowering.number(0),
        lowering.number(Kernel.device(major, minor)),
        lowering.number(Kernel.S_IFCHR));
  }
}
