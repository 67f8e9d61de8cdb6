package dev.coffer.plan.explain;

import dev.coffer.plan.Plan;
import dev.coffer.plan.Stage;
import dev.coffer.plan.op.Op;
import dev.coffer.plan.wire.Instruction;
import dev.coffer.plan.wire.Program;
import dev.coffer.spec.json.JsonArray;
import dev.coffer.spec.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A plan as data: {@code {"architecture", "slots": [name…], "stages": [{"name", "operations":
 * [{"index", "what", "why", "calls": [{"index", "call", "outcomes"}…]}…]}…]}}.
 */
public final class PlanJson {
  private PlanJson() {}

  /** The plan as a JSON object. */
  public static JsonObject render(Plan plan) {
    Program program = plan.lower();
    CallText texts = new CallText(program, plan.slots());
    List<JsonObject> stages = new ArrayList<>();
    int operation = 0;
    for (int index = 0; index < plan.stages().size(); index++) {
      Stage stage = plan.stages().get(index);
      List<JsonObject> operations = new ArrayList<>();
      for (Op op : stage.operations()) {
        operations.add(operation(program, texts, index, operation++, op));
      }
      stages.add(
          JsonObject.builder()
              .put("name", stage.name())
              .put("operations", JsonArray.of(operations, each -> each))
              .build());
    }
    return JsonObject.builder()
        .put("architecture", plan.architecture().name().toLowerCase(Locale.ROOT))
        .putStrings("slots", plan.slots())
        .put("stages", JsonArray.of(stages, each -> each))
        .build();
  }

  private static JsonObject operation(
      Program program, CallText texts, int stage, int index, Op op) {
    List<JsonObject> calls = new ArrayList<>();
    Program.Stage run = program.stages().get(stage);
    for (int at = run.first(); at < run.first() + run.count(); at++) {
      Instruction instruction = program.instructions().get(at);
      if (instruction.op() == index) {
        calls.add(
            JsonObject.builder()
                .put("index", at)
                .put("call", texts.call(instruction))
                .put("outcomes", texts.outcomes(instruction))
                .build());
      }
    }
    return JsonObject.builder()
        .put("index", index)
        .put("what", op.describe())
        .put("why", op.why())
        .put("calls", JsonArray.of(calls, each -> each))
        .build();
  }
}
