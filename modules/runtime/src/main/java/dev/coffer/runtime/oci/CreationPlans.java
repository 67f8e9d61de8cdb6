package dev.coffer.runtime.oci;

import dev.coffer.plan.HostFacts;
import dev.coffer.plan.compile.ContainerCompiler;
import dev.coffer.plan.compile.ContainerInputs;
import dev.coffer.runtime.cache.Recent;
import dev.coffer.spec.runtime.Spec;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The plans of the last few kinds of containers: those who start the same thing again and again
 * have it compiled once for all that follow the first. The first of a kind is mostly the only one,
 * as engines put ids into their configs, so it pays for nothing but its own plan.
 */
final class CreationPlans {
  private static final int MOST = 16;
  private static final long HEAVIEST = 4 << 20;

  /** A plan is about as large as the config that it is made of. */
  private static final long PLAN_AND_CONFIG = 2;

  private final ContainerCompiler compiler;
  private final Recent<Wanted, Kind> kinds =
      new Recent<>(MOST, HEAVIEST, (wanted, _) -> PLAN_AND_CONFIG * wanted.configSize());

  CreationPlans(ContainerCompiler compiler) {
    this.compiler = compiler;
  }

  /**
   * All that a plan depends on, as the compiler wants it.
   *
   * @param configSize characters of the config
   */
  record Wanted(Spec spec, HostFacts facts, ContainerInputs inputs, int configSize) {
    /** Sizes tell the few kinds apart; the hash of all that a config says would be slow. */
    @Override
    public int hashCode() {
      return configSize;
    }
  }

  /**
   * The plan of a container.
   *
   * @param wanted gives what is wanted for a container of some id
   * @throws dev.coffer.plan.PlanException when the host or Coffer cannot do what the spec asks
   */
  PlanTemplate of(String id, Function<String, Wanted> wanted) {
    Optional<PlanTemplate> shared =
        PlanTemplate.canStandFor(id) ? shared(id, wanted) : Optional.empty();
    return shared.orElseGet(() -> template(id, wanted.apply(id)));
  }

  private Optional<PlanTemplate> shared(String id, Function<String, Wanted> wanted) {
    String placeholder = PlanTemplate.placeholder(id);
    Wanted named = wanted.apply(placeholder);
    return kinds
        .get(named, _ -> new Kind())
        .template(() -> general(id, template(placeholder, named), wanted));
  }

  /** A word of the config could be taken for the placeholder: then this is no plan of others. */
  private Optional<PlanTemplate> general(
      String id, PlanTemplate made, Function<String, Wanted> wanted) {
    return made.isSameFor(id, template(id, wanted.apply(id)))
        ? Optional.of(made)
        : Optional.empty();
  }

  private PlanTemplate template(String id, Wanted wanted) {
    return new PlanTemplate(id, compiler.compile(wanted.spec(), wanted.facts(), wanted.inputs()));
  }

  /** Containers that differ in nothing but their ids, of equal length. */
  private static final class Kind {
    private int met;
    private Optional<PlanTemplate> made = Optional.empty();

    /** What all but the first can share, if anything; who comes while it is made waits for it. */
    synchronized Optional<PlanTemplate> template(Supplier<Optional<PlanTemplate>> maker) {
      met++;
      if (met == 2) {
        made = maker.get();
      }
      return made;
    }
  }
}
