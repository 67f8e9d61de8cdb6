package dev.coffer.plan.seccomp;

import dev.coffer.spec.runtime.SeccompArch;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The tables of all architectures, each read when it is first asked for. Safe for many threads. */
public final class SyscallTables {
  private final Map<SeccompArch, SyscallTable> tables = new ConcurrentHashMap<>();

  /** The table of an architecture. */
  public SyscallTable of(SeccompArch arch) {
    return tables.computeIfAbsent(arch, key -> SyscallTable.load(SyscallAbi.of(key)));
  }
}
