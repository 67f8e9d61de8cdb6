package dev.coffer.plan.bpf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Runs classic BPF as seccomp does, after the checks that the kernel makes when it is loaded. */
public final class ClassicInterpreter {
  private final List<ClassicInstruction> program;

  /** A program that the kernel would take. */
  public ClassicInterpreter(ClassicProgram program) {
    this.program = program.instructions();
    check();
  }

  /** What the filter returns, and after how many instructions. */
  public record Outcome(int value, int steps) {}

  /** Runs the program on {@code struct seccomp_data} of a little-endian machine. */
  public Outcome run(int number, int arch, long[] arguments) {
    ByteBuffer data = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
    data.putInt(number).putInt(arch).putLong(0);
    for (long argument : arguments) {
      data.putLong(argument);
    }
    int accumulator = 0;
    int steps = 0;
    for (int pc = 0; ; pc++) {
      ClassicInstruction now = program.get(pc);
      steps++;
      switch (now.code()) {
        case ClassicInstruction.LOAD -> accumulator = data.getInt(now.operand());
        case ClassicInstruction.AND -> accumulator &= now.operand();
        case ClassicInstruction.JUMP -> pc += now.operand();
        case ClassicInstruction.RETURN -> {
          return new Outcome(now.operand(), steps);
        }
        default -> pc += holds(now, accumulator) ? now.jumpTrue() : now.jumpFalse();
      }
    }
  }

  private static boolean holds(ClassicInstruction test, int accumulator) {
    int order = Integer.compareUnsigned(accumulator, test.operand());
    return switch (test.code()) {
      case ClassicInstruction.JUMP_EQUAL -> order == 0;
      case ClassicInstruction.JUMP_GREATER -> order > 0;
      case ClassicInstruction.JUMP_GREATER_OR_EQUAL -> order >= 0;
      default -> throw new AssertionError("unknown instruction " + test);
    };
  }

  /** The rules of bpf_check_classic and seccomp_check_filter in the kernel. */
  private void check() {
    int size = program.size();
    if (size < 1 || size > ClassicProgram.MAX_INSTRUCTIONS) {
      throw new AssertionError("bad length " + size);
    }
    for (int pc = 0; pc < size; pc++) {
      ClassicInstruction now = program.get(pc);
      int left = size - pc - 1;
      boolean fits =
          switch (now.code()) {
            case ClassicInstruction.LOAD -> now.operand() % 4 == 0 && now.operand() < 64;
            case ClassicInstruction.JUMP -> Integer.compareUnsigned(now.operand(), left) < 0;
            case ClassicInstruction.JUMP_EQUAL,
                ClassicInstruction.JUMP_GREATER,
                ClassicInstruction.JUMP_GREATER_OR_EQUAL ->
                now.jumpTrue() < left && now.jumpFalse() < left;
            case ClassicInstruction.AND, ClassicInstruction.RETURN -> true;
            default -> false;
          };
      if (!fits) {
        throw new AssertionError("the kernel refuses " + pc + ": " + now);
      }
    }
    if (program.getLast().code() != ClassicInstruction.RETURN) {
      throw new AssertionError("does not end with a return");
    }
  }
}
