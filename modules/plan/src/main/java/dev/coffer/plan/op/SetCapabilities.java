package dev.coffer.plan.op;

import dev.coffer.plan.wire.Kernel;
import dev.coffer.plan.wire.Syscall;
import java.util.List;

/**
 * Sets the effective, permitted, inheritable and ambient sets, as bit masks (capabilities(7)).
 *
 * @param effective capabilities in force
 * @param permitted capabilities that can be put in force
 * @param inheritable capabilities that files can keep
 * @param ambient capability numbers that survive execve(2)
 */
public record SetCapabilities(
    long effective, long permitted, long inheritable, List<Integer> ambient, String why)
    implements Op {
  @Override
  public String describe() {
    return "set capabilities";
  }

  @Override
  public void lower(Lowering lowering) {
    Operand header = lowering.structure().u32(Kernel.CAPABILITY_VERSION_3).u32(0).operand();
    Structure data = lowering.structure();
    data.u32(effective).u32(permitted).u32(inheritable);
    data.u32(effective >>> 32).u32(permitted >>> 32).u32(inheritable >>> 32);
    lowering.call(Syscall.CAPSET, header, data.operand());
    for (int capability : ambient) {
      lowering.call(
          Syscall.PRCTL,
          lowering.number(Kernel.PR_CAP_AMBIENT),
          lowering.number(Kernel.PR_CAP_AMBIENT_RAISE),
          lowering.number(capability),
          lowering.number(0),
          lowering.number(0));
    }
  }
}
