package dev.coffer.plan.op;

import dev.coffer.plan.wire.Code;
import java.util.List;

/**
 * Runs a program of the host to its end, with nothing on standard input.
 *
 * @param path absolute path of the program
 * @param arguments argv
 * @param environment {@code NAME=value} entries
 * @param output where both its standard output and its complaints go
 */
public record RunProgram(
    String path, List<String> arguments, List<String> environment, Slot output, String why)
    implements Op {
  public RunProgram {
    arguments = List.copyOf(arguments);
    environment = List.copyOf(environment);
  }

  @Override
  public String describe() {
    return "run \"" + path + "\"";
  }

  @Override
  public void lower(Lowering lowering) {
    lowering.special(
        Code.HOOK,
        lowering.text(path),
        lowering.strings(arguments),
        lowering.strings(environment),
        lowering.structure().text("").u8(0).operand(),
        lowering.slot(output),
        lowering.number(0));
  }
}
