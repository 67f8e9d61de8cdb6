package dev.coffer.plan.op;

import dev.coffer.plan.wire.Argument;
import dev.coffer.plan.wire.Patch;
import java.util.List;

/**
 * An argument with the patches that make the memory behind it ready.
 *
 * @param argument what the instruction carries
 * @param patches applied before the call, {@link Patch.Kind#LOAD} ones after it
 */
public record Operand(Argument argument, List<Patch> patches) {
  public Operand {
    patches = List.copyOf(patches);
  }

  static Operand of(Argument argument) {
    return new Operand(argument, List.of());
  }
}
