package dev.coffer.plan.op;

import dev.coffer.plan.wire.Bytes;
import dev.coffer.plan.wire.Errno;
import dev.coffer.plan.wire.Syscall;
import java.util.Arrays;

/**
 * Lets this process run on every CPU that its cgroup has, whichever its creator was bound to
 * (sched_setaffinity(2)): the kernel keeps to the cpuset by itself, and forgets a narrower choice
 * only on some versions when a process moves into a cgroup.
 */
public record ReleaseCpus(String why) implements Op {
  /** As many as a kernel can be built for, rounded up. */
  private static final int MOST_CPUS = 8192;

  private static final Bytes ALL = all();

  private static Bytes all() {
    byte[] mask = new byte[MOST_CPUS / Byte.SIZE];
    Arrays.fill(mask, (byte) 0xff);
    return Bytes.copyOf(mask);
  }

  @Override
  public String describe() {
    return "let the process run on every CPU of its cgroup";
  }

  @Override
  public void lower(Lowering lowering) {
    lowering
        .call(
            Syscall.SCHED_SETAFFINITY,
            lowering.number(0),
            lowering.number(ALL.size()),
            lowering.bytes(ALL))
        .ignoring(Errno.EPERM, Errno.EINVAL);
  }
}
