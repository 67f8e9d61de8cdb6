package dev.coffer.plan.op;

import dev.coffer.plan.wire.Bytes;
import dev.coffer.plan.wire.Errno;
import dev.coffer.plan.wire.Syscall;

/**
 * Starts a process on certain CPUs. It inherits them: this process takes them for the moment of the
 * birth, then goes back to its own, which the kernel wrote into the plan's memory before.
 *
 * @param list the CPUs as people write them
 * @param mask the same as a bit mask, a multiple of 8 bytes
 * @param start the start of the process
 */
public record CloneOnCpus(String list, Bytes mask, CloneStage start) implements Op {
  /** Room for the CPUs of any kernel: it refuses a mask that is too short for its own. */
  private static final int OWN_SIZE = 1024;

  @Override
  public String describe() {
    return start.describe() + " on CPUs \"" + list + "\"";
  }

  @Override
  public String why() {
    return start.why();
  }

  @Override
  public String cause(Errno error) {
    return SetCpuAffinity.explain(error);
  }

  @Override
  public void lower(Lowering lowering) {
    Operand own = lowering.structure().zeros(OWN_SIZE).operand();
    lowering.call(Syscall.SCHED_GETAFFINITY, lowering.number(0), lowering.number(OWN_SIZE), own);
    SetCpuAffinity.set(lowering, lowering.bytes(mask), mask.size());
    start.lower(lowering);
    SetCpuAffinity.set(lowering, own, OWN_SIZE);
  }
}
