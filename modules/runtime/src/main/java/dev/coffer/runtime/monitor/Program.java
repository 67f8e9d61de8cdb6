package dev.coffer.runtime.monitor;

import dev.coffer.plan.Plan;
import dev.coffer.runtime.protocol.Failed;
import java.util.function.Function;

/**
 * What a monitor is to run.
 *
 * @param wireForm an encoded plan
 * @param explain the cause of a failure in the user's words, for {@link StartException}
 */
@SuppressWarnings("ArrayRecordComponent")
public record Program(byte[] wireForm, Function<Failed, String> explain) {
  /** A plan with its own words for its failures. */
  public static Program of(Plan plan) {
    return new Program(
        plan.encode(),
        failed -> plan.describe(failed.op(), failed.errno(), failed.signal(), failed.stage()));
  }
}
