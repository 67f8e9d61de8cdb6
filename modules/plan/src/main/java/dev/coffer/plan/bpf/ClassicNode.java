package dev.coffer.plan.bpf;

/**
 * A program as a graph without cycles, before it is laid out: each node is an instruction and says
 * what comes next. A node that several others lead to is laid out once.
 */
public sealed interface ClassicNode {

  /** Ends the program with a value. */
  record Return(int value) implements ClassicNode {}

  /** Loads the word at an offset into the accumulator. */
  record Load(int offset, ClassicNode next) implements ClassicNode {}

  /** Keeps those bits of the accumulator that a mask has. */
  record Mask(int mask, ClassicNode next) implements ClassicNode {}

  /** Compares the accumulator with a constant, unsigned. */
  record Test(Comparison comparison, int constant, ClassicNode yes, ClassicNode no)
      implements ClassicNode {}

  /** How the accumulator is compared. */
  enum Comparison {
    EQUAL(ClassicInstruction.JUMP_EQUAL),
    GREATER(ClassicInstruction.JUMP_GREATER),
    GREATER_OR_EQUAL(ClassicInstruction.JUMP_GREATER_OR_EQUAL);

    private final int code;

    Comparison(int code) {
      this.code = code;
    }

    int code() {
      return code;
    }
  }
}
