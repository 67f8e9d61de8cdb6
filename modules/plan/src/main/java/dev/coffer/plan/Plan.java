package dev.coffer.plan;

import dev.coffer.plan.op.Execute;
import dev.coffer.plan.op.Lowering;
import dev.coffer.plan.op.Op;
import dev.coffer.plan.wire.Architecture;
import dev.coffer.plan.wire.Errno;
import dev.coffer.plan.wire.Program;
import dev.coffer.plan.wire.WireEncoder;
import java.util.List;

/**
 * A container action, ready to run: what each process does, and why.
 *
 * <p>Stage 0 runs in the monitor, in the namespaces of the host; the others start by {@link
 * dev.coffer.plan.op.CloneStage}. Operations are numbered through all stages in order; a failure is
 * reported by that number.
 *
 * @param architecture the machine it is for
 * @param stages at least one
 * @param slots names of the slots, in order; the first {@code inputSlots} are filled from outside
 * @param inputSlots number of slots that hold something before stage 0 starts
 */
public record Plan(
    Architecture architecture, List<Stage> stages, List<String> slots, int inputSlots) {

  public Plan {
    stages = List.copyOf(stages);
    slots = List.copyOf(slots);
    if (stages.isEmpty() || inputSlots > slots.size()) {
      throw new IllegalArgumentException("a plan has a stage, and no more inputs than slots");
    }
  }

  /** All operations by number. */
  public List<Op> operations() {
    return stages.stream().flatMap(stage -> stage.operations().stream()).toList();
  }

  /** The instructions that the executor runs. */
  public Program lower() {
    Lowering lowering = new Lowering(architecture, slots.size());
    int first = 0;
    for (Stage stage : stages) {
      lowering.stage(stage.name(), first, stage.operations());
      first += stage.operations().size();
    }
    return lowering.program(inputSlots);
  }

  /** The bytes for the executor. */
  public byte[] encode() {
    return WireEncoder.encode(lower());
  }

  /**
   * What went wrong, in one line: the operation in the user's words, and the cause.
   *
   * @param operation index of the operation, as the executor reported it
   * @param error errno, 0 when a signal ended the process
   * @param signal the signal, 0 when a call failed
   * @param stage the stage that failed
   */
  public String describe(int operation, int error, int signal, int stage) {
    List<Op> operations = operations();
    if (operation < 0 || operation >= operations.size()) {
      String name = stage >= 0 && stage < stages.size() ? stages.get(stage).name() : "monitor";
      return "run \"%s\": %s".formatted(name, cause(error, signal));
    }
    Op failed = operations.get(operation);
    String cause =
        Errno.of(error)
            .filter(_ -> signal == 0)
            .map(failed::cause)
            .orElseGet(() -> cause(error, signal));
    return failed.describe() + ": " + cause;
  }

  /**
   * Whether an operation is the start of the program itself: its failure is the user's (exit codes
   * 126 and 127 of a shell), not the engine's.
   */
  public boolean isProgramStart(int operation) {
    List<Op> operations = operations();
    return operation >= 0
        && operation < operations.size()
        && operations.get(operation) instanceof Execute;
  }

  private static String cause(int error, int signal) {
    return signal == 0 ? Errno.text(error) : "killed by " + Signals.name(signal);
  }
}
