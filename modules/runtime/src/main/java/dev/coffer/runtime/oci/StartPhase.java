package dev.coffer.runtime.oci;

import dev.coffer.plan.Plan;
import dev.coffer.plan.op.Op;
import dev.coffer.plan.wire.Code;
import dev.coffer.plan.wire.Errno;
import dev.coffer.plan.wire.Instruction;
import dev.coffer.plan.wire.Program;
import dev.coffer.plan.wire.StatusPage;
import dev.coffer.runtime.oci.ContainerRecord.StartSteps;
import dev.coffer.runtime.oci.ContainerRecord.Step;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The part of a plan that runs when {@code start} is called, kept in words. */
final class StartPhase {
  private StartPhase() {}

  /** The words for what comes after the plan's barrier. */
  static StartSteps of(Plan plan, Program program) {
    List<Instruction> instructions = program.instructions();
    int exec = last(instructions, Code.EXEC_SEARCH);
    int barrier = last(instructions, Code.BARRIER);
    int stage = stageOf(program, exec);
    List<Op> operations = plan.operations();
    List<Step> steps = new ArrayList<>();
    int before = -1;
    for (int at = barrier < 0 ? exec : barrier + 1; at <= exec; at++) {
      int op = instructions.get(at).op();
      if (op != before) {
        steps.add(step(at, operations.get(op)));
      }
      before = op;
    }
    return new StartSteps(stage, exec, steps);
  }

  private static Step step(int first, Op operation) {
    Map<String, String> causes = new LinkedHashMap<>();
    for (Errno error : Errno.values()) {
      String cause = operation.cause(error);
      if (!cause.equals(error.text())) {
        causes.put(Integer.toString(error.number()), cause);
      }
    }
    return new Step(first, operation.describe(), causes);
  }

  private static int last(List<Instruction> instructions, Code code) {
    int found = -1;
    for (int at = 0; at < instructions.size(); at++) {
      if (instructions.get(at).code() == code) {
        found = at;
      }
    }
    return found;
  }

  private static int stageOf(Program program, int instruction) {
    for (int stage = 0; stage < program.stages().size(); stage++) {
      Program.Stage each = program.stages().get(stage);
      if (instruction >= each.first() && instruction < each.first() + each.count()) {
        return stage;
      }
    }
    throw new IllegalArgumentException("a container's plan executes a program");
  }

  /** What went wrong, in one line. */
  static String describe(StartSteps start, StatusPage.Failure failure) {
    Step step = null;
    for (Step each : start.steps()) {
      if (each.firstInstruction() <= failure.instruction()) {
        step = each;
      }
    }
    String cause =
        failure.signal() != 0
            ? "killed by signal " + failure.signal()
            : Errno.text(failure.error());
    if (step == null) {
      return "set it up: " + cause;
    }
    return step.what()
        + ": "
        + step.causes().getOrDefault(Integer.toString(failure.error()), cause);
  }
}
