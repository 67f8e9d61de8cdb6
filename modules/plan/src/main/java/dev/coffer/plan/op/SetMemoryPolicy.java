package dev.coffer.plan.op;

import dev.coffer.plan.wire.Bytes;
import dev.coffer.plan.wire.Errno;
import dev.coffer.plan.wire.Syscall;

/**
 * Sets from which memory nodes this process and its children get memory (set_mempolicy(2)).
 *
 * @param name the mode as {@code MPOL_BIND}
 * @param mode its number, with {@code MPOL_F_*} flags
 * @param nodes bit mask, a multiple of 8 bytes; empty where the mode takes none
 */
public record SetMemoryPolicy(String name, long mode, Bytes nodes, String why) implements Op {
  @Override
  public String describe() {
    return "set the memory policy to \"" + name + "\"";
  }

  @Override
  public String cause(Errno error) {
    return switch (error) {
      case EINVAL ->
          "invalid argument (the nodes are not online and in the cgroup's cpuset, or the kernel"
              + " does not take this mode with these flags)";
      case ENOSYS -> "this kernel knows no memory nodes";
      default -> error.text();
    };
  }

  @Override
  public void lower(Lowering lowering) {
    boolean none = nodes.size() == 0;
    // The kernel counts one bit less than it is told.
    long bits = none ? 0 : (long) nodes.size() * Byte.SIZE + 1;
    lowering.call(
        Syscall.SET_MEMPOLICY,
        lowering.number(mode),
        none ? lowering.nothing() : lowering.bytes(nodes),
        lowering.number(bits));
  }
}
