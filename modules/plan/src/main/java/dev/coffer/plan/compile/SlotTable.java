package dev.coffer.plan.compile;

import dev.coffer.plan.PlanException;
import dev.coffer.plan.op.Slot;
import java.util.ArrayList;
import java.util.List;

/**
 * The slots of a plan in the making. The first six are what every monitor expects
 * (docs/contributors/protocols.md), then come the inputs, then those that the plan itself uses.
 */
final class SlotTable {
  static final Slot STDIN = new Slot(0, "stdin");
  static final Slot STDOUT = new Slot(1, "stdout");
  static final Slot STDERR = new Slot(2, "stderr");
  static final List<Slot> STREAMS = List.of(STDIN, STDOUT, STDERR);
  static final Slot TERMINAL = new Slot(3, "terminal");
  static final Slot INIT_PID = new Slot(4, "init-pid");
  static final Slot INIT_PIDFD = new Slot(5, "init-pidfd");
  static final int FIRST_INPUT = 6;

  private final List<String> names =
      new ArrayList<>(
          List.of(
              STDIN.name(),
              STDOUT.name(),
              STDERR.name(),
              TERMINAL.name(),
              INIT_PID.name(),
              INIT_PIDFD.name()));
  private final List<Slot> inputs;

  SlotTable(List<String> inputNames) {
    this.inputs = inputNames.stream().map(this::add).toList();
  }

  /** A new slot. */
  Slot add(String name) {
    names.add(name);
    return new Slot(names.size() - 1, name);
  }

  /** The slot of an input. */
  Slot input(String name) {
    return inputs.stream()
        .filter(slot -> slot.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new PlanException("no input descriptor is called \"" + name + "\""));
  }

  List<Slot> inputs() {
    return inputs;
  }

  int inputSlots() {
    return FIRST_INPUT + inputs.size();
  }

  List<String> names() {
    return names;
  }
}
