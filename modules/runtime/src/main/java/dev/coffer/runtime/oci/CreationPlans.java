package dev.coffer.runtime.oci;

import dev.coffer.plan.HostFacts;
import dev.coffer.plan.compile.ContainerCompiler;
import dev.coffer.plan.compile.ContainerInputs;
import dev.coffer.runtime.cache.Recent;
import dev.coffer.spec.runtime.Spec;
import java.util.Optional;
import java.util.function.Function;

/**
 * The plans of the last few kinds of containers: those who start the same thing again and again
 * have it compiled once.
 */
final class CreationPlans {
  private static final int MOST = 16;

  private final ContainerCompiler compiler;
  private final Recent<Wanted, Optional<PlanTemplate>> templates = new Recent<>(MOST);

  CreationPlans(ContainerCompiler compiler) {
    this.compiler = compiler;
  }

  /** All that a plan depends on, as the compiler wants it. */
  record Wanted(Spec spec, HostFacts facts, ContainerInputs inputs) {}

  /**
   * The plan of a container.
   *
   * @param wanted gives what is wanted for a container of some id
   * @throws dev.coffer.plan.PlanException when the host or Coffer cannot do what the spec asks
   */
  PlanTemplate of(String id, Function<String, Wanted> wanted) {
    Optional<PlanTemplate> shared =
        PlanTemplate.canStandFor(id)
            ? templates.get(
                wanted.apply(PlanTemplate.placeholder(id)), each -> shared(each, id, wanted))
            : Optional.empty();
    return shared.orElseGet(() -> template(id, wanted.apply(id)));
  }

  /** Empty where a word of the config could be taken for the placeholder. */
  private Optional<PlanTemplate> shared(Wanted named, String id, Function<String, Wanted> wanted) {
    String placeholder = PlanTemplate.placeholder(id);
    return wanted.apply(id).toString().contains(placeholder)
        ? Optional.empty()
        : Optional.of(template(placeholder, named));
  }

  private PlanTemplate template(String id, Wanted wanted) {
    return new PlanTemplate(id, compiler.compile(wanted.spec(), wanted.facts(), wanted.inputs()));
  }
}
