package dev.coffer.engine.lifecycle;

import dev.coffer.plan.Plan;
import dev.coffer.runtime.monitor.Program;
import dev.coffer.runtime.protocol.Failed;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The plan of one container as a form for others that differ from it in nothing but their ids.
 *
 * <p>An id is random and as long as any other, and stands in a plan whole or by its first twelve
 * digits, as itself: other ids in its places make the plan that would be compiled for them, byte by
 * byte.
 */
final class PlanTemplate {

  private static final int SHORT = 12;

  private final String id;
  private final Plan plan;
  private final byte[] wireForm;

  /** Where its first twelve digits stand, alone or before the others. */
  private final int[] places;

  /**
   * @param id of the container that the plan was compiled for
   */
  PlanTemplate(String id, Plan plan) {
    this.id = id;
    this.plan = plan;
    this.wireForm = plan.encode();
    byte[] digits = bytes(id);
    this.places =
        IntStream.range(0, wireForm.length - SHORT + 1)
            .filter(at -> stands(digits, SHORT, at))
            .toArray();
  }

  /** The operations, with the ids of the container that it was compiled for. */
  Plan plan() {
    return plan;
  }

  /** How large the form for the executor is. */
  int size() {
    return wireForm.length;
  }

  /** What a monitor runs for a container. */
  Program program(String otherId) {
    return new Program(wireForm(otherId), failed -> describe(failed, otherId));
  }

  private byte[] wireForm(String otherId) {
    byte[] form = wireForm.clone();
    byte[] own = bytes(id);
    byte[] other = bytes(otherId);
    if (own.length != other.length) {
      throw new IllegalArgumentException("an id of another length: " + otherId);
    }
    for (int place : places) {
      int length = stands(own, own.length, place) ? own.length : SHORT;
      System.arraycopy(other, 0, form, place, length);
    }
    return form;
  }

  private boolean stands(byte[] digits, int length, int at) {
    return at + length <= wireForm.length
        && Arrays.equals(wireForm, at, at + length, digits, 0, length);
  }

  private String describe(Failed failed, String otherId) {
    return plan.describe(failed.op(), failed.errno(), failed.signal(), failed.stage())
        .replace(id, otherId)
        .replace(id.substring(0, SHORT), otherId.substring(0, SHORT));
  }

  private static byte[] bytes(String id) {
    return id.getBytes(StandardCharsets.US_ASCII);
  }
}
