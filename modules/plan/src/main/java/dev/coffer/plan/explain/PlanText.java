package dev.coffer.plan.explain;

import dev.coffer.plan.Plan;
import dev.coffer.plan.PlanException;

/** A plan as numbered calls that people can read. */
public final class PlanText {
  private PlanText() {}

  /** The text, one call per line, grouped by stage and operation. */
  @SuppressWarnings("DoNotCallSuggester")
  public static String render(Plan plan) {
    throw PlanException.notSupported("explain", "under construction");
  }
}
