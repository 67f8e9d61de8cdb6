package dev.coffer.runtime.oci;

import dev.coffer.plan.HostFacts;
import dev.coffer.plan.compile.ExecCompiler;
import dev.coffer.plan.compile.ExecInputs;
import dev.coffer.runtime.cache.Recent;
import dev.coffer.runtime.monitor.Program;
import dev.coffer.spec.runtime.ContainerProcess;
import java.util.Objects;

/**
 * The plans of the last few kinds of further processes: who asks a container for its health again
 * and again has that compiled once.
 */
final class ExecPlans {
  private static final int MOST = 32;
  private static final long HEAVIEST = 4 << 20;

  private final ExecCompiler compiler;
  private final Recent<Wanted, Program> programs =
      new Recent<>(
          MOST,
          HEAVIEST,
          (wanted, program) -> (long) wanted.configSize() + program.wireForm().length);

  ExecPlans(ExecCompiler compiler) {
    this.compiler = compiler;
  }

  /**
   * All that a plan depends on.
   *
   * @param facts as they hold for the caller
   * @param record the container's
   * @param configSize characters of the container's config, parts of which are in the others
   */
  record Wanted(
      ContainerProcess process,
      HostFacts facts,
      ContainerRecord record,
      ExecInputs inputs,
      int configSize) {

    /**
     * Of what tells most of them apart: the rest is large, and mostly one object that is shared.
     */
    @Override
    public int hashCode() {
      return Objects.hash(record.id(), process.args());
    }

    /** The caller's facts, but the cgroup's path starts where the container's creator was. */
    private HostFacts containerFacts() {
      return facts.withCgroups(ContainerGroup.layout(record, facts.cgroups()));
    }
  }

  /**
   * What the caller runs for such a process.
   *
   * @throws dev.coffer.plan.PlanException when the host or Coffer cannot do what is asked
   */
  Program of(Wanted wanted) {
    return programs.get(wanted, this::compile);
  }

  private Program compile(Wanted wanted) {
    return Program.of(compiler.compile(wanted.process(), wanted.containerFacts(), wanted.inputs()));
  }
}
