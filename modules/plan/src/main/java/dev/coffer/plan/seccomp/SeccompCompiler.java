package dev.coffer.plan.seccomp;

import dev.coffer.plan.bpf.ClassicAssembler;
import dev.coffer.plan.bpf.ClassicNode;
import dev.coffer.plan.bpf.ClassicNode.Comparison;
import dev.coffer.plan.bpf.ClassicNode.Load;
import dev.coffer.plan.bpf.ClassicNode.Return;
import dev.coffer.plan.bpf.ClassicNode.Test;
import dev.coffer.spec.SpecException;
import dev.coffer.spec.json.Json;
import dev.coffer.spec.runtime.Seccomp;
import dev.coffer.spec.runtime.SeccompAction;
import dev.coffer.spec.runtime.SeccompArch;
import dev.coffer.spec.runtime.SeccompFlag;
import dev.coffer.spec.runtime.SeccompSyscall;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Compiles {@code linux.seccomp} to one filter for all of its architectures. The effect is that of
 * runc with libseccomp:
 *
 * <ul>
 *   <li>the native architecture is always known; a call of an architecture that is not known kills
 *       the thread;
 *   <li>names that an architecture does not have are passed over, and so is an entry whose action
 *       is the default one;
 *   <li>unless the default action lets calls pass (allow, log, trace), a number above the largest
 *       one that the profile names on that architecture fails with {@code ENOSYS} rather than with
 *       the default action: the profile is older than the call, and a C library then takes its
 *       fallback, which it would not on {@code EPERM}. Calls of x32 have their own largest number.
 *       On s390 number 0, which stands for any call the kernel does not have, fails so, too. Unlike
 *       in runc, numbers far above the others (Arm's private calls, x32's own ones) do not count as
 *       the largest: with them, nothing would ever be newer.
 * </ul>
 *
 * Instances are safe for many threads. They keep the tables they have read and the last few
 * filters: containers mostly share one.
 */
public final class SeccompCompiler {
  private static final int NUMBER_OFFSET = 0;
  private static final int ARCH_OFFSET = 4;

  private static final int KEPT_FILTERS = 16;

  /** Characters of JSON: several times what engines' own profiles have. */
  private static final int LARGEST_KEPT = 1 << 16;

  private final SyscallTables tables = new SyscallTables();
  private final RecentValues<Source, SeccompFilter> filters =
      new RecentValues<>(KEPT_FILTERS, Source::isOfUsualSize);

  private record Source(Seccomp seccomp, SeccompArch nativeArch) {
    boolean isOfUsualSize() {
      return Json.write(seccomp.toJson()).length() <= LARGEST_KEPT;
    }
  }

  /** The tables of system calls that this compiler goes by. */
  public SyscallTables tables() {
    return tables;
  }

  /**
   * Compiles a filter.
   *
   * @param nativeArch what the kernel runs: {@link SeccompArch#X86_64} or {@link
   *     SeccompArch#AARCH64} on the hosts of today
   * @throws SpecException if the filter is not valid or does not fit into 4096 instructions
   */
  public SeccompFilter compile(Seccomp seccomp, SeccompArch nativeArch) {
    Source source = new Source(seccomp, nativeArch);
    return filters.get(source, () -> compile(source));
  }

  private SeccompFilter compile(Source source) {
    try {
      ClassicNode start = start(source.seccomp(), source.nativeArch());
      return new SeccompFilter(ClassicAssembler.assemble(start), flags(source.seccomp()));
    } catch (IllegalArgumentException e) {
      throw new SpecException("cannot compile linux.seccomp: " + e.getMessage(), e);
    }
  }

  private ClassicNode start(Seccomp seccomp, SeccompArch nativeArch) {
    Set<SeccompArch> known = EnumSet.of(nativeArch);
    known.addAll(seccomp.architectures());
    Map<Integer, ClassicNode> starts = new LinkedHashMap<>();
    // The native architecture is tested first: nearly all calls are of it.
    addArch(starts, nativeArch, known, seccomp);
    known.forEach(arch -> addArch(starts, arch, known, seccomp));
    ClassicNode next = new Return(FilterAction.KILL_THREAD);
    for (Map.Entry<Integer, ClassicNode> arch : List.copyOf(starts.entrySet()).reversed()) {
      next = new Test(Comparison.EQUAL, arch.getKey(), arch.getValue(), next);
    }
    return new Load(ARCH_OFFSET, next);
  }

  private void addArch(
      Map<Integer, ClassicNode> starts, SeccompArch arch, Set<SeccompArch> known, Seccomp seccomp) {
    SyscallAbi abi = SyscallAbi.of(arch);
    if (starts.containsKey(abi.auditArch())) {
      return;
    }
    Return byDefault =
        new Return(FilterAction.value(seccomp.defaultAction(), seccomp.defaultErrnoRet()));
    Dispatch dispatch = new Dispatch(byDefault);
    if (arch == SeccompArch.X86_64 || arch == SeccompArch.X32) {
      // Both have one audit number; the calls of x32 are the upper half of the numbers.
      Return kill = new Return(FilterAction.KILL_THREAD);
      if (known.contains(SeccompArch.X86_64)) {
        fill(dispatch, SeccompArch.X86_64, SyscallAbi.X32_BIT - 1, seccomp, byDefault);
      } else {
        dispatch.set(0, SyscallAbi.X32_BIT - 1, kill);
      }
      if (known.contains(SeccompArch.X32)) {
        fill(dispatch, SeccompArch.X32, -1, seccomp, byDefault);
      } else {
        // -1 is no call of x32: a tracer sets it to have a call skipped.
        dispatch.set(SyscallAbi.X32_BIT, -2, kill);
      }
    } else {
      fill(dispatch, arch, -1, seccomp, byDefault);
    }
    starts.put(abi.auditArch(), new Load(NUMBER_OFFSET, dispatch.compile()));
  }

  /**
   * Puts the calls of an architecture, of which the last possible number is given, into the search.
   */
  private void fill(
      Dispatch dispatch, SeccompArch arch, int last, Seccomp seccomp, Return byDefault) {
    SyscallAbi abi = SyscallAbi.of(arch);
    SyscallTable table = tables.of(arch);
    Map<Integer, SyscallRules> calls = new HashMap<>();
    OptionalInt largest = OptionalInt.empty();
    for (SeccompSyscall entry : seccomp.syscalls()) {
      int action = FilterAction.value(entry.action(), entry.errnoRet());
      for (String name : entry.names()) {
        OptionalInt number = table.number(name);
        if (number.isEmpty()) {
          continue;
        }
        boolean apart = abi.apart().filter(b -> b.contains(number.getAsInt())).isPresent();
        if (!apart) {
          largest = OptionalInt.of(Math.max(number.getAsInt(), largest.orElse(0)));
        }
        if (action != byDefault.value()) {
          calls
              .computeIfAbsent(number.getAsInt(), _ -> new SyscallRules())
              .add(entry.args(), action);
        }
      }
    }
    if (largest.isPresent() && !letsPass(seccomp.defaultAction())) {
      dispatch.set(largest.getAsInt() + 1, last, new Return(FilterAction.ENOSYS));
      abi.apart().ifPresent(block -> dispatch.set(block.first(), block.last(), byDefault));
      if (arch == SeccompArch.S390 || arch == SeccompArch.S390X) {
        calls.remove(0);
        dispatch.set(0, 0, new Return(FilterAction.ENOSYS));
      }
    }
    calls.forEach((number, rules) -> dispatch.set(number, number, rules.compile(abi, byDefault)));
  }

  private static boolean letsPass(SeccompAction action) {
    return switch (action) {
      case ALLOW, LOG, TRACE -> true;
      case KILL, KILL_PROCESS, KILL_THREAD, TRAP, ERRNO, NOTIFY -> false;
    };
  }

  private static int flags(Seccomp seccomp) {
    int flags = 0;
    for (SeccompFlag flag : seccomp.flags()) {
      flags |=
          switch (flag) {
            case TSYNC -> SeccompFilter.TSYNC;
            case LOG -> SeccompFilter.LOG;
            case SPEC_ALLOW -> SeccompFilter.SPEC_ALLOW;
            case WAIT_KILLABLE_RECV -> SeccompFilter.WAIT_KILLABLE_RECV;
          };
    }
    boolean notifies =
        seccomp.defaultAction() == SeccompAction.NOTIFY
            || seccomp.syscalls().stream().anyMatch(call -> call.action() == SeccompAction.NOTIFY);
    if (notifies) {
      flags |= SeccompFilter.NEW_LISTENER;
      // Without it the kernel refuses both flags together: a thread id is no descriptor.
      flags |= (flags & SeccompFilter.TSYNC) != 0 ? SeccompFilter.TSYNC_ESRCH : 0;
    } else {
      // The kernel refuses this flag without a listener.
      flags &= ~SeccompFilter.WAIT_KILLABLE_RECV;
    }
    return flags;
  }
}
