package dev.coffer.plan.compile;

import dev.coffer.plan.HostFacts;
import dev.coffer.plan.Plan;
import dev.coffer.plan.PlanException;
import dev.coffer.plan.seccomp.SeccompFilter;
import dev.coffer.spec.runtime.Linux;
import dev.coffer.spec.runtime.Spec;
import java.util.Optional;

/** Compiles the start of a container. Safe for many threads. */
public final class ContainerCompiler {
  private final SeccompFilters filters;

  public ContainerCompiler(SeccompFilters filters) {
    this.filters = filters;
  }

  /**
   * The plan that starts a container. Nothing is looked up: equal arguments give equal plans.
   *
   * @throws PlanException when the spec asks for what cannot be done; the message names the field
   */
  public Plan compile(Spec spec, HostFacts facts, ContainerInputs inputs) {
    Optional<SeccompFilter> filter =
        spec.linux()
            .flatMap(Linux::seccomp)
            .map(seccomp -> filters.of(seccomp, facts.architecture()));
    return new ContainerPlanner(spec, facts, inputs, filter).plan();
  }
}
