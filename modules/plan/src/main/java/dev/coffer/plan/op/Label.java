package dev.coffer.plan.op;

/** A place in a stage that an instruction before it can jump to. Placed exactly once. */
public final class Label {
  private static final int UNPLACED = -1;
  private int instruction = UNPLACED;

  Label() {}

  void place(int index) {
    if (instruction != UNPLACED) {
      throw new IllegalStateException("label placed twice");
    }
    instruction = index;
  }

  int instruction() {
    if (instruction == UNPLACED) {
      throw new IllegalStateException("label never placed");
    }
    return instruction;
  }
}
