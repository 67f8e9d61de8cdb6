package dev.coffer.plan.compile;

import dev.coffer.plan.PlanException;
import dev.coffer.plan.op.Op;
import dev.coffer.plan.op.SetMemoryPolicy;
import dev.coffer.plan.op.SetPersonality;
import dev.coffer.plan.wire.Bytes;
import dev.coffer.spec.runtime.Linux;
import dev.coffer.spec.runtime.MemoryPolicy;
import dev.coffer.spec.runtime.MemoryPolicyFlag;
import dev.coffer.spec.runtime.MemoryPolicyMode;
import dev.coffer.spec.runtime.Personality;
import java.util.ArrayList;
import java.util.List;

/**
 * What a process sets for itself and hands on to its children: for a container's init, and for
 * every process added to it, which is no child of init.
 */
final class InheritedSettings {
  private InheritedSettings() {}

  static List<Op> of(Linux linux, Origins origins) {
    List<Op> ops = new ArrayList<>();
    linux
        .personality()
        .ifPresent(wanted -> ops.add(personality(wanted, origins.of("linux.personality"))));
    linux
        .memoryPolicy()
        .ifPresent(wanted -> ops.add(memoryPolicy(wanted, origins.of("linux.memoryPolicy"))));
    return ops;
  }

  private static Op personality(Personality wanted, String why) {
    if (!wanted.flags().isEmpty()) {
      throw PlanException.notSupported("linux.personality.flags", "no flag is defined");
    }
    return new SetPersonality(
        switch (wanted.domain()) {
          case LINUX -> 0;
          case LINUX32 -> 8;
        },
        why);
  }

  private static Op memoryPolicy(MemoryPolicy wanted, String why) {
    long mode = number(wanted.mode());
    for (MemoryPolicyFlag flag : wanted.flags()) {
      mode |= number(flag);
    }
    Bytes nodes =
        wanted
            .nodes()
            .map(list -> NumberList.mask(list, "linux.memoryPolicy.nodes"))
            .orElse(Bytes.copyOf(new byte[0]));
    return new SetMemoryPolicy(wanted.mode().spelling(), mode, nodes, why);
  }

  /** Source: include/uapi/linux/mempolicy.h. */
  private static long number(MemoryPolicyMode mode) {
    return switch (mode) {
      case DEFAULT -> 0;
      case PREFERRED -> 1;
      case BIND -> 2;
      case INTERLEAVE -> 3;
      case LOCAL -> 4;
      case PREFERRED_MANY -> 5;
      case WEIGHTED_INTERLEAVE -> 6;
    };
  }

  private static long number(MemoryPolicyFlag flag) {
    return switch (flag) {
      case NUMA_BALANCING -> 1 << 13;
      case RELATIVE_NODES -> 1 << 14;
      case STATIC_NODES -> 1 << 15;
    };
  }
}
