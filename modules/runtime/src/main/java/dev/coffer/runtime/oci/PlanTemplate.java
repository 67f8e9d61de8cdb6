package dev.coffer.runtime.oci;

import dev.coffer.plan.Plan;
import dev.coffer.plan.wire.Program;
import dev.coffer.plan.wire.WireEncoder;
import dev.coffer.runtime.oci.ContainerRecord.StartSteps;
import dev.coffer.runtime.oci.ContainerRecord.Step;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The plan of a container whose id stands for that of others. That is a placeholder as long as
 * theirs, of letters that no id has: with an id in its places it is the plan of that container.
 */
final class PlanTemplate {
  private static final int SHORTEST = 3;

  private final String placeholder;
  private final Plan plan;
  private final byte[] wireForm;
  private final int[] places;
  private final StartSteps start;

  PlanTemplate(String placeholder, Plan plan) {
    this.placeholder = placeholder;
    this.plan = plan;
    Program program = plan.lower();
    wireForm = WireEncoder.encode(program);
    start = StartPhase.of(plan, program);
    byte[] wanted = placeholder.getBytes(StandardCharsets.US_ASCII);
    places =
        IntStream.range(0, wireForm.length - wanted.length + 1)
            .filter(at -> Arrays.equals(wireForm, at, at + wanted.length, wanted, 0, wanted.length))
            .toArray();
  }

  /** Whether a container's id is long enough for a placeholder that is told from other words. */
  static boolean canStandFor(String id) {
    return id.length() >= SHORTEST;
  }

  /** What stands in a template for an id. */
  static String placeholder(String id) {
    return "{" + "~".repeat(id.length() - 2) + "}";
  }

  /** The last part of the plan of a container. */
  StartSteps start(String id) {
    return new StartSteps(
        start.stage(),
        start.execInstruction(),
        start.steps().stream().map(step -> named(step, id)).toList());
  }

  private Step named(Step step, String id) {
    return new Step(step.firstInstruction(), named(step.what(), id), step.causes());
  }

  private String named(String text, String id) {
    return text.replace(placeholder, id);
  }

  /** Whether this, with an id in its places, is the plan that was compiled for that id. */
  boolean isSameFor(String id, PlanTemplate own) {
    return Arrays.equals(wireForm(id), own.wireForm);
  }

  /** What the caller runs for a container. */
  dev.coffer.runtime.monitor.Program program(String id) {
    return new dev.coffer.runtime.monitor.Program(
        wireForm(id),
        failed ->
            named(plan.describe(failed.op(), failed.errno(), failed.signal(), failed.stage()), id));
  }

  private byte[] wireForm(String id) {
    byte[] form = wireForm.clone();
    byte[] letters = id.getBytes(StandardCharsets.US_ASCII);
    for (int place : places) {
      System.arraycopy(letters, 0, form, place, letters.length);
    }
    return form;
  }
}
