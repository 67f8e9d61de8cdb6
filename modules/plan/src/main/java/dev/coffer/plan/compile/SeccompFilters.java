package dev.coffer.plan.compile;

import dev.coffer.plan.seccomp.SeccompCompiler;
import dev.coffer.plan.seccomp.SeccompFilter;
import dev.coffer.plan.wire.Architecture;
import dev.coffer.spec.runtime.Seccomp;
import dev.coffer.spec.runtime.SeccompArch;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Compiled seccomp filters, the latest kept: most containers of a host share one or two profiles,
 * and compiling takes longer than all the rest of a plan. Safe for many threads.
 */
public final class SeccompFilters {
  private static final int KEPT = 16;
  private final SeccompCompiler compiler = new SeccompCompiler();
  private final Map<Key, SeccompFilter> kept =
      new LinkedHashMap<>(KEPT, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, SeccompFilter> eldest) {
          return size() > KEPT;
        }
      };

  private record Key(Seccomp seccomp, SeccompArch arch) {}

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
    Key key = new Key(seccomp, arch);
    synchronized (kept) {
      SeccompFilter known = kept.get(key);
      if (known != null) {
        return known;
      }
    }
    SeccompFilter compiled = compiler.compile(seccomp, arch);
    synchronized (kept) {
      kept.put(key, compiled);
    }
    return compiled;
  }
}
