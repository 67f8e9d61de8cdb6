package dev.coffer.plan.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Reads the wire form back: for tests and for {@code --debug}. */
public final class WireDecoder {
  private final ByteBuffer in;

  private WireDecoder(byte[] file) {
    this.in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * The program in a plan's file.
   *
   * @throws MalformedPlanException when the bytes are no plan
   */
  public static Program decode(byte[] file) {
    return new WireDecoder(file).program(file);
  }

  private Program program(byte[] file) {
    check(file.length >= WireForm.HEADER.size(), "shorter than its header");
    check(in.getInt(0) == WireForm.MAGIC, "wrong magic");
    check(in.getShort(4) == WireForm.VERSION, "unknown version " + in.getShort(4));
    check(in.getInt(8) == file.length, "wrong size");
    Architecture architecture = Architecture.ofWireNumber(in.getShort(6));
    List<Program.Stage> stages = new ArrayList<>();
    for (int index = 0; index < count(16, WireForm.STAGE); index++) {
      stages.add(stage(file, at(16, WireForm.STAGE, index)));
    }
    List<Instruction> instructions = new ArrayList<>();
    for (int index = 0; index < count(24, WireForm.INSTRUCTION); index++) {
      instructions.add(instruction(at(24, WireForm.INSTRUCTION, index)));
    }
    int poolSize = in.getInt(48);
    int poolOffset = in.getInt(52);
    check(poolSize >= 0 && poolOffset >= 0 && poolOffset + (long) poolSize <= file.length, "pool");
    byte[] pool = new byte[poolSize];
    in.get(poolOffset, pool);
    return new Program(
        architecture, stages, instructions, Bytes.copyOf(pool), in.getInt(56), in.getInt(60));
  }

  private int count(int countAt, WireForm.Structure structure) {
    int count = in.getInt(countAt);
    long offset = in.getInt(countAt + 4);
    check(
        count >= 0 && offset >= 0 && offset + (long) count * structure.size() <= in.capacity(),
        "table of " + structure.name() + " lies outside");
    return count;
  }

  private int at(int countAt, WireForm.Structure structure, int index) {
    return in.getInt(countAt + 4) + index * structure.size();
  }

  private Program.Stage stage(byte[] file, int at) {
    byte[] name = Arrays.copyOfRange(file, at + 8, at + 8 + WireForm.STAGE_NAME);
    return new Program.Stage(Bytes.copyOf(name).textAt(0), in.getInt(at), in.getInt(at + 4));
  }

  private Instruction instruction(int at) {
    List<Argument> arguments = new ArrayList<>();
    for (int index = 0; index < WireForm.MAX_ARGUMENTS; index++) {
      Argument.Kind kind = value(Argument.Kind.values(), in.get(at + 8 + index), "argument kind");
      arguments.add(new Argument(kind, in.getLong(at + 32 + 8 * index)));
    }
    while (!arguments.isEmpty() && arguments.getLast().equals(Argument.ZERO)) {
      arguments.removeLast();
    }
    List<Patch> patches = new ArrayList<>();
    int patchFirst = in.getInt(at + 16);
    int patchCount = Short.toUnsignedInt(in.getShort(at + 20));
    checkRun(patchFirst, patchCount, count(32, WireForm.PATCH), "patches");
    for (int index = 0; index < patchCount; index++) {
      patches.add(patch(at(32, WireForm.PATCH, patchFirst + index)));
    }
    List<Rule> rules = new ArrayList<>();
    int ruleFirst = in.getInt(at + 24);
    int ruleCount = Short.toUnsignedInt(in.getShort(at + 22));
    checkRun(ruleFirst, ruleCount, count(40, WireForm.RULE), "rules");
    for (int index = 0; index < ruleCount; index++) {
      rules.add(rule(at(40, WireForm.RULE, ruleFirst + index)));
    }
    return new Instruction(
        value(Code.values(), in.getShort(at), "code"),
        Short.toUnsignedInt(in.getShort(at + 2)),
        in.getInt(at + 4),
        arguments,
        in.getShort(at + 14),
        patches,
        rules,
        in.getInt(at + 28));
  }

  private Patch patch(int at) {
    return new Patch(
        value(Patch.Kind.values(), in.get(at), "patch kind"),
        Byte.toUnsignedInt(in.get(at + 1)),
        in.getShort(at + 2),
        in.getInt(at + 4),
        in.getInt(at + 8),
        in.getInt(at + 12));
  }

  private Rule rule(int at) {
    return new Rule(
        Short.toUnsignedInt(in.getShort(at)),
        value(Rule.Action.values(), in.getShort(at + 2), "rule action"),
        in.getInt(at + 4));
  }

  private static <E> E value(E[] values, int number, String what) {
    check(number >= 0 && number < values.length, "unknown " + what + " " + number);
    return values[number];
  }

  private static void checkRun(int first, int count, int limit, String what) {
    check(first >= 0 && first + (long) count <= limit, what + " lie outside their table");
  }

  private static void check(boolean condition, String what) {
    if (!condition) {
      throw new MalformedPlanException(what);
    }
  }
}
