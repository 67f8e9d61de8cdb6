package dev.coffer.plan.compile;

import dev.coffer.plan.HostFacts;
import dev.coffer.plan.Plan;
import dev.coffer.plan.PlanException;
import dev.coffer.spec.runtime.Spec;

/** Compiles the start of a container. */
public final class ContainerCompiler {
  private ContainerCompiler() {}

  /**
   * The plan that starts a container.
   *
   * @throws PlanException when the spec asks for what cannot be done; the message names the field
   */
  @SuppressWarnings("DoNotCallSuggester")
  public static Plan compile(Spec spec, HostFacts facts, ContainerInputs inputs) {
    throw PlanException.notSupported("compile", "under construction");
  }
}
