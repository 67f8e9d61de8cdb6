package dev.coffer.plan.compile;

import dev.coffer.plan.Plan;
import dev.coffer.plan.Stage;
import dev.coffer.plan.op.RunProgram;
import dev.coffer.plan.wire.Architecture;
import java.util.List;

/** Compiles the run of one program of the host, whose output goes to the plan's only input. */
public final class ProgramCompiler {
  private static final String STAGE = "coffer:program";
  private static final String OUTPUT = "output";

  private ProgramCompiler() {}

  /**
   * A plan of one stage.
   *
   * @param path absolute path of the program
   * @param arguments argv
   * @param environment {@code NAME=value} entries
   * @param why what it is run for
   */
  public static Plan compile(
      Architecture architecture,
      String path,
      List<String> arguments,
      List<String> environment,
      String why) {
    SlotTable slots = new SlotTable(List.of(OUTPUT));
    RunProgram run = new RunProgram(path, arguments, environment, slots.input(OUTPUT), why);
    return new Plan(
        architecture, List.of(new Stage(STAGE, List.of(run))), slots.names(), slots.inputSlots());
  }
}
