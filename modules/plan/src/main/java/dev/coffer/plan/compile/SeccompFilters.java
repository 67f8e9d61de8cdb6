package dev.coffer.plan.compile;

import dev.coffer.plan.seccomp.SeccompCompiler;
import dev.coffer.plan.seccomp.SeccompFilter;
import dev.coffer.plan.wire.Architecture;
import dev.coffer.spec.runtime.Seccomp;
import dev.coffer.spec.runtime.SeccompArch;

/**
 * Compiled seccomp filters. The compiler keeps the latest: most containers of a host share one or
 * two profiles, and compiling takes longer than all the rest of a plan. Safe for many threads.
 */
public final class SeccompFilters {
  private final SeccompCompiler compiler = new SeccompCompiler();

  /**
   * The filter of a profile.
   *
   * @throws dev.coffer.spec.SpecException if the profile is not valid
   */
  public SeccompFilter of(Seccomp seccomp, Architecture architecture) {
    SeccompArch arch =
        switch (architecture) {
          case X86_64 -> SeccompArch.X86_64;
          case AARCH64 -> SeccompArch.AARCH64;
        };
    return compiler.compile(seccomp, arch);
  }
}
