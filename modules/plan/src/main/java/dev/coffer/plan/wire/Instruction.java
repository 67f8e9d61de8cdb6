package dev.coffer.plan.wire;

import java.util.List;

/**
 * One instruction.
 *
 * @param code what it is
 * @param op index of the plan's operation that it belongs to
 * @param number system call number, 0 for a special
 * @param arguments at most six; missing ones are 0
 * @param result slot for the returned value, or {@link WireForm#NO_SLOT}
 * @param patches applied in order
 * @param rules looked up in order
 * @param flags {@code WireForm.FLAG_*}
 */
public record Instruction(
    Code code,
    int op,
    int number,
    List<Argument> arguments,
    int result,
    List<Patch> patches,
    List<Rule> rules,
    int flags) {

  public Instruction {
    arguments = List.copyOf(arguments);
    patches = List.copyOf(patches);
    rules = List.copyOf(rules);
    if (arguments.size() > WireForm.MAX_ARGUMENTS) {
      throw new IllegalArgumentException("an instruction has at most six arguments");
    }
  }

  /** Argument {@code index}, 0 when it was not given. */
  public Argument argument(int index) {
    return index < arguments.size() ? arguments.get(index) : Argument.ZERO;
  }
}
