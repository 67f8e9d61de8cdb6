package dev.coffer.plan.seccomp;

import dev.coffer.spec.runtime.Seccomp;
import dev.coffer.spec.runtime.SeccompAction;
import dev.coffer.spec.runtime.SeccompArch;
import dev.coffer.spec.runtime.SeccompArgument;
import dev.coffer.spec.runtime.SeccompSyscall;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** What a profile means, entry by entry, without any cleverness. */
record NaiveSeccomp(Seccomp seccomp, SeccompArch nativeArch, SyscallTables tables) {

  int evaluate(SeccompArch arch, int number, long[] arguments) {
    if (arch != nativeArch && !seccomp.architectures().contains(arch)) {
      return 0;
    }
    int byDefault = value(seccomp.defaultAction(), seccomp.defaultErrnoRet());
    SyscallTable table = tables.of(arch);
    long largest = -1;
    OptionalInt conditional = OptionalInt.empty();
    for (SeccompSyscall entry : seccomp.syscalls()) {
      for (String name : entry.names()) {
        OptionalInt known = table.number(name);
        if (known.isEmpty()) {
          continue;
        }
        if (!isApart(arch, known.getAsInt())) {
          largest = Math.max(largest, known.getAsInt());
        }
        int action = value(entry.action(), entry.errnoRet());
        if (known.getAsInt() != number || action == byDefault) {
          continue;
        }
        if (entry.args().isEmpty()) {
          return action;
        }
        if (conditional.isEmpty() && matches(arch, entry.args(), arguments)) {
          conditional = OptionalInt.of(action);
        }
      }
    }
    if (conditional.isPresent()) {
      return conditional.getAsInt();
    }
    boolean open =
        List.of(SeccompAction.ALLOW, SeccompAction.LOG, SeccompAction.TRACE)
            .contains(seccomp.defaultAction());
    boolean newer =
        largest >= 0 && Integer.toUnsignedLong(number) > largest && !isApart(arch, number);
    return newer && !open ? 0x0005_0000 | 38 : byDefault;
  }

  private static boolean isApart(SeccompArch arch, int number) {
    return arch == SeccompArch.ARM
        ? number >> 16 == 0xf
        : arch == SeccompArch.X32 && number >= 0x4000_0200 && number <= 0x4000_0223;
  }

  private static boolean matches(
      SeccompArch arch, List<SeccompArgument> conditions, long[] arguments) {
    long distinct = conditions.stream().map(SeccompArgument::index).distinct().count();
    return distinct == conditions.size()
        ? conditions.stream().allMatch(condition -> holds(arch, condition, arguments))
        : conditions.stream().anyMatch(condition -> holds(arch, condition, arguments));
  }

  private static boolean holds(SeccompArch arch, SeccompArgument condition, long[] arguments) {
    boolean wide = arch == SeccompArch.X86_64 || arch == SeccompArch.AARCH64;
    long mask = wide ? -1L : 0xffff_ffffL;
    long actual = arguments[(int) condition.index()] & mask;
    long value = condition.value() & mask;
    int order = Long.compareUnsigned(actual, value);
    return switch (condition.op()) {
      case NE -> order != 0;
      case LT -> order < 0;
      case LE -> order <= 0;
      case EQ -> order == 0;
      case GE -> order >= 0;
      case GT -> order > 0;
      case MASKED_EQ -> (actual & value) == (condition.valueTwo() & value);
    };
  }

  private static int value(SeccompAction action, Optional<Long> errno) {
    return switch (action) {
      case KILL, KILL_THREAD -> 0;
      case KILL_PROCESS -> 0x8000_0000;
      case TRAP -> 0x0003_0000;
      case ERRNO -> 0x0005_0000 | errno.orElse(1L).intValue();
      case TRACE -> 0x7ff0_0000 | errno.orElse(1L).intValue();
      case ALLOW -> 0x7fff_0000;
      case LOG -> 0x7ffc_0000;
      case NOTIFY -> 0x7fc0_0000;
    };
  }
}
