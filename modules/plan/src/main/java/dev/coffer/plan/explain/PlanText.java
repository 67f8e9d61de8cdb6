package dev.coffer.plan.explain;

import dev.coffer.plan.Plan;
import dev.coffer.plan.Stage;
import dev.coffer.plan.op.Op;
import dev.coffer.plan.wire.Instruction;
import dev.coffer.plan.wire.Program;

/**
 * A plan as text: each stage, each operation with why it is there (once where several serve one
 * purpose), and the calls that it comes to, numbered as the executor numbers them. A call's usual
 * outcome is not said: success goes on, an error ends the plan.
 */
public final class PlanText {
  private PlanText() {}

  /** The text, one call per line. It ends with a line feed. */
  public static String render(Plan plan) {
    Program program = plan.lower();
    CallText calls = new CallText(program, plan.slots());
    StringBuilder text = new StringBuilder();
    int operation = 0;
    for (int index = 0; index < plan.stages().size(); index++) {
      Stage stage = plan.stages().get(index);
      text.append(index == 0 ? "" : "\n").append("stage ").append(index).append(": ");
      text.append(stage.name()).append('\n');
      String previous = "";
      for (Op op : stage.operations()) {
        String heading = "  %s  (%s)%n".formatted(op.describe(), op.why());
        text.append(heading.equals(previous) ? "" : heading);
        previous = heading;
        appendCalls(text, program, calls, index, operation++);
      }
    }
    return text.toString();
  }

  private static void appendCalls(
      StringBuilder text, Program program, CallText calls, int stage, int operation) {
    Program.Stage run = program.stages().get(stage);
    for (int at = run.first(); at < run.first() + run.count(); at++) {
      Instruction instruction = program.instructions().get(at);
      if (instruction.op() == operation) {
        String outcomes = calls.outcomes(instruction);
        text.append("%6d  %s".formatted(at, calls.call(instruction)));
        text.append(outcomes.isEmpty() ? "" : "  [" + outcomes + "]").append('\n');
      }
    }
  }
}
