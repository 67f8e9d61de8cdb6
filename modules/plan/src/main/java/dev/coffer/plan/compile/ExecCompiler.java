package dev.coffer.plan.compile;

import dev.coffer.plan.HostFacts;
import dev.coffer.plan.Plan;
import dev.coffer.plan.PlanException;
import dev.coffer.spec.runtime.ContainerProcess;

/** Compiles the start of a further process in a running container. */
public final class ExecCompiler {
  private ExecCompiler() {}

  /**
   * The plan that starts a process in a container.
   *
   * @throws PlanException when the process asks for what cannot be done
   */
  @SuppressWarnings("DoNotCallSuggester")
  public static Plan compile(ContainerProcess process, HostFacts facts, ExecInputs inputs) {
    throw PlanException.notSupported("compile", "under construction");
  }
}
