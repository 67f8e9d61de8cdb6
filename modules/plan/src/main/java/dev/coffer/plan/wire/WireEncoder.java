package dev.coffer.plan.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes a {@link Program} in the wire form. Field order is that of {@link WireForm}. */
public final class WireEncoder {
  private static final int ALIGNMENT = 8;

  private WireEncoder() {}

  /**
   * The bytes of a plan's file.
   *
   * @throws IllegalArgumentException when it is larger than the executor accepts
   */
  public static byte[] encode(Program program) {
    List<Instruction> instructions = program.instructions();
    int patchCount = 0;
    int ruleCount = 0;
    for (Instruction each : instructions) {
      patchCount += each.patches().size();
      ruleCount += each.rules().size();
    }
    int stageOffset = WireForm.HEADER.size();
    int instructionOffset = stageOffset + program.stages().size() * WireForm.STAGE.size();
    int patchOffset = instructionOffset + instructions.size() * WireForm.INSTRUCTION.size();
    int ruleOffset = patchOffset + patchCount * WireForm.PATCH.size();
    int poolOffset = ruleOffset + ruleCount * WireForm.RULE.size();
    int size = align(poolOffset + program.pool().size());
    checkLimits(program, size);
    ByteBuffer out = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(WireForm.MAGIC);
    out.putShort((short) WireForm.VERSION);
    out.putShort((short) program.architecture().wireNumber());
    out.putInt(size).putInt(0);
    out.putInt(program.stages().size()).putInt(stageOffset);
    out.putInt(instructions.size()).putInt(instructionOffset);
    out.putInt(patchCount).putInt(patchOffset);
    out.putInt(ruleCount).putInt(ruleOffset);
    out.putInt(program.pool().size()).putInt(poolOffset);
    out.putInt(program.slotCount()).putInt(program.inputSlots());
    program.stages().forEach(stage -> putStage(out, stage));
    putInstructions(out, instructions);
    instructions.forEach(each -> each.patches().forEach(patch -> putPatch(out, patch)));
    instructions.forEach(each -> each.rules().forEach(rule -> putRule(out, rule)));
    out.put(program.pool().buffer());
    return out.array();
  }

  private static void checkLimits(Program program, int size) {
    if (size > WireForm.MAX_SIZE
        || program.stages().size() > WireForm.MAX_STAGES
        || program.slotCount() > WireForm.MAX_SLOTS) {
      throw new IllegalArgumentException(
          "plan too large: %d bytes, %d stages, %d slots"
              .formatted(size, program.stages().size(), program.slotCount()));
    }
  }

  private static int align(int offset) {
    return (offset + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }

  private static void putStage(ByteBuffer out, Program.Stage stage) {
    byte[] name = stage.name().getBytes(StandardCharsets.UTF_8);
    if (name.length >= WireForm.STAGE_NAME) {
      throw new IllegalArgumentException("stage name too long: \"" + stage.name() + "\"");
    }
    out.putInt(stage.first()).putInt(stage.count());
    out.put(name).put(new byte[WireForm.STAGE_NAME - name.length]);
  }

  private static void putInstructions(ByteBuffer out, List<Instruction> instructions) {
    int patch = 0;
    int rule = 0;
    for (Instruction each : instructions) {
      out.putShort((short) number(each.code()));
      out.putShort((short) each.op());
      out.putInt(each.number());
      putKinds(out, each.arguments());
      out.putShort((short) each.result());
      out.putInt(patch);
      out.putShort((short) each.patches().size()).putShort((short) each.rules().size());
      out.putInt(rule);
      out.putInt(each.flags());
      putValues(out, each.arguments());
      patch += each.patches().size();
      rule += each.rules().size();
    }
  }

  private static void putKinds(ByteBuffer out, List<Argument> arguments) {
    for (Argument argument : arguments) {
      out.put((byte) number(argument.kind()));
    }
    skip(out, WireForm.MAX_ARGUMENTS - arguments.size());
  }

  private static void putValues(ByteBuffer out, List<Argument> arguments) {
    for (Argument argument : arguments) {
      out.putLong(argument.value());
    }
    skip(out, (WireForm.MAX_ARGUMENTS - arguments.size()) * Long.BYTES);
  }

  /** The buffer is new, so what is skipped is zero. */
  private static void skip(ByteBuffer out, int bytes) {
    out.position(out.position() + bytes);
  }

  private static void putPatch(ByteBuffer out, Patch patch) {
    out.put((byte) number(patch.kind()));
    out.put((byte) patch.pad());
    out.putShort((short) patch.slot());
    out.putInt(patch.at()).putInt(patch.target()).putInt(patch.width());
  }

  private static void putRule(ByteBuffer out, Rule rule) {
    out.putShort((short) rule.error());
    out.putShort((short) number(rule.action()));
    out.putInt(rule.target());
  }

  /** The order of these enums is the wire form; the generated header shows it. */
  @SuppressWarnings("EnumOrdinal")
  private static int number(Enum<?> value) {
    return value.ordinal();
  }
}
