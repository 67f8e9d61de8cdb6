package dev.coffer.plan.op;

import dev.coffer.plan.wire.Argument;
import dev.coffer.plan.wire.Code;
import dev.coffer.plan.wire.Errno;
import dev.coffer.plan.wire.Instruction;
import dev.coffer.plan.wire.Patch;
import dev.coffer.plan.wire.Rule;
import dev.coffer.plan.wire.WireForm;
import java.util.ArrayList;
import java.util.List;

/**
 * An instruction in the making: what it calls, where its result goes, which errors are harmless.
 */
public final class Call {
  private final Code code;
  private final int op;
  private final int number;
  private final List<Argument> arguments = new ArrayList<>(WireForm.MAX_ARGUMENTS);
  private final List<Patch> patches = new ArrayList<>(0);
  private final List<Outcome> outcomes = new ArrayList<>(0);
  private int result = WireForm.NO_SLOT;
  private int flags;

  private record Outcome(int error, Rule.Action action, Label target) {}

  Call(Code code, int op, int number, Operand... operands) {
    this.code = code;
    this.op = op;
    this.number = number;
    for (Operand operand : operands) {
      arguments.add(operand.argument());
      patches.addAll(operand.patches());
    }
  }

  /** Puts the returned value into a slot. */
  public Call into(Slot slot) {
    result = slot.index();
    return this;
  }

  /** Shows the returned descriptor to the parent's {@link Code#GRAB_FD}. */
  public Call published() {
    flags |= WireForm.FLAG_PUBLISH;
    return this;
  }

  /** Of what the program says only the end is kept. */
  public Call keepingEnd() {
    flags |= WireForm.FLAG_END_ALONE;
    return this;
  }

  /** These errors change nothing: the plan goes on. */
  public Call ignoring(Errno... errors) {
    for (Errno error : errors) {
      outcomes.add(new Outcome(error.number(), Rule.Action.CONTINUE, null));
    }
    return this;
  }

  /** No error matters. */
  public Call ignoringAll() {
    outcomes.add(new Outcome(WireForm.ERRNO_ANY, Rule.Action.CONTINUE, null));
    return this;
  }

  /** On this error the plan goes on at {@code target}. */
  public Call on(Errno error, Label target) {
    outcomes.add(new Outcome(error.number(), Rule.Action.JUMP, target));
    return this;
  }

  /** On any error not listed before the plan goes on at {@code target}. */
  public Call onAnyError(Label target) {
    outcomes.add(new Outcome(WireForm.ERRNO_ANY, Rule.Action.JUMP, target));
    return this;
  }

  /** After success the plan goes on at {@code target}. */
  public Call onSuccess(Label target) {
    outcomes.add(new Outcome(WireForm.ERRNO_SUCCESS, Rule.Action.JUMP, target));
    return this;
  }

  Instruction finish() {
    return new Instruction(code, op, number, trimmed(), result, patches, rules(), flags);
  }

  private List<Rule> rules() {
    if (outcomes.isEmpty()) {
      return List.of();
    }
    List<Rule> rules = new ArrayList<>(outcomes.size());
    for (Outcome outcome : outcomes) {
      int target = outcome.target == null ? 0 : outcome.target.instruction();
      rules.add(new Rule(outcome.error, outcome.action, target));
    }
    return rules;
  }

  private List<Argument> trimmed() {
    int size = arguments.size();
    while (size > 0 && arguments.get(size - 1).isZero()) {
      size--;
    }
    return arguments.subList(0, size);
  }
}
