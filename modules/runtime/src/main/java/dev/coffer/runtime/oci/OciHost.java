package dev.coffer.runtime.oci;

import dev.coffer.plan.HostFacts;
import dev.coffer.plan.compile.ContainerCompiler;
import dev.coffer.plan.compile.ExecCompiler;
import dev.coffer.plan.compile.SeccompFilters;
import dev.coffer.runtime.host.CallerFacts;
import dev.coffer.runtime.host.HostProbe;
import java.io.IOException;

/**
 * What all verbs share and is made once: the host's facts and the compilers. Safe for many threads.
 *
 * @param facts as this process sees the host
 */
public record OciHost(HostFacts facts, ContainerCompiler containers, ExecCompiler execs) {

  /** Asks the kernel. */
  public static OciHost probe() throws IOException {
    SeccompFilters filters = new SeccompFilters();
    return new OciHost(
        HostProbe.probe(), new ContainerCompiler(filters), new ExecCompiler(filters));
  }

  /** The facts that hold for another process on this host. */
  public HostFacts factsOf(int pid) throws IOException {
    return CallerFacts.of(facts, pid);
  }
}
