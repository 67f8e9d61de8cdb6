package dev.coffer.plan.bpf;

import dev.coffer.spec.runtime.DeviceType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * The eBPF program (type {@code BPF_PROG_TYPE_CGROUP_DEVICE}) that enforces a device list in cgroup
 * v2. It uses no helper and no map; {@code struct bpf_cgroup_dev_ctx} of {@code linux/bpf.h} is its
 * argument, and 1 allows.
 */
public final class DeviceFilter {
  // Operation codes of linux/bpf.h. The 32-bit comparisons keep large numbers from being
  // sign-extended.
  private static final int LOAD_WORD = 0x61;
  private static final int AND_32 = 0x54;
  private static final int SHIFT_RIGHT_32 = 0x74;
  private static final int MOVE_REGISTER_32 = 0xbc;
  private static final int MOVE_64 = 0xb7;
  private static final int JUMP_EQUAL_32 = 0x16;
  private static final int JUMP_NOT_EQUAL_32 = 0x56;
  private static final int EXIT = 0x95;

  private static final int RESULT = 0;
  private static final int CONTEXT = 1;
  private static final int SCRATCH = 1;
  private static final int TYPE = 2;
  private static final int ACCESS = 3;
  private static final int MAJOR = 4;
  private static final int MINOR = 5;

  private static final int TYPE_BLOCK = 1;
  private static final int TYPE_CHARACTER = 2;

  private DeviceFilter() {}

  /** The program as {@code struct bpf_insn[]}, little-endian, 8 bytes each. */
  public static byte[] compile(DeviceList list) {
    List<Instruction> program = new ArrayList<>();
    program.add(new Instruction(LOAD_WORD, TYPE, CONTEXT, 0, 0));
    program.add(new Instruction(AND_32, TYPE, 0, 0, 0xffff));
    program.add(new Instruction(LOAD_WORD, ACCESS, CONTEXT, 0, 0));
    program.add(new Instruction(SHIFT_RIGHT_32, ACCESS, 0, 0, 16));
    program.add(new Instruction(LOAD_WORD, MAJOR, CONTEXT, 4, 0));
    program.add(new Instruction(LOAD_WORD, MINOR, CONTEXT, 8, 0));
    for (DeviceAccess exception : list.exceptions()) {
      addException(program, exception, list.allowByDefault());
    }
    addAnswer(program, list.allowByDefault());
    ByteBuffer bytes = ByteBuffer.allocate(program.size() * 8).order(ByteOrder.LITTLE_ENDIAN);
    program.forEach(instruction -> instruction.write(bytes));
    return bytes.array();
  }

  /** Answers the opposite of the default, or falls through to what follows. */
  private static void addException(
      List<Instruction> program, DeviceAccess exception, boolean allowByDefault) {
    List<Instruction> tests = new ArrayList<>();
    int type = exception.type() == DeviceType.BLOCK ? TYPE_BLOCK : TYPE_CHARACTER;
    tests.add(new Instruction(JUMP_NOT_EQUAL_32, TYPE, 0, 0, type));
    if (exception.access() != DeviceAccess.ALL || allowByDefault) {
      int bits = allowByDefault ? exception.access() : DeviceAccess.ALL & ~exception.access();
      tests.add(new Instruction(MOVE_REGISTER_32, SCRATCH, ACCESS, 0, 0));
      tests.add(new Instruction(AND_32, SCRATCH, 0, 0, bits));
      tests.add(
          new Instruction(allowByDefault ? JUMP_EQUAL_32 : JUMP_NOT_EQUAL_32, SCRATCH, 0, 0, 0));
    }
    if (exception.major() != DeviceAccess.ANY) {
      tests.add(new Instruction(JUMP_NOT_EQUAL_32, MAJOR, 0, 0, (int) exception.major()));
    }
    if (exception.minor() != DeviceAccess.ANY) {
      tests.add(new Instruction(JUMP_NOT_EQUAL_32, MINOR, 0, 0, (int) exception.minor()));
    }
    int answerLength = 2;
    for (int i = 0; i < tests.size(); i++) {
      program.add(tests.get(i).skippingTo(tests.size() + answerLength - i - 1));
    }
    addAnswer(program, !allowByDefault);
  }

  private static void addAnswer(List<Instruction> program, boolean allow) {
    program.add(new Instruction(MOVE_64, RESULT, 0, 0, allow ? 1 : 0));
    program.add(new Instruction(EXIT, 0, 0, 0, 0));
  }

  private record Instruction(int code, int target, int source, int offset, int constant) {
    /** This one with its offset set when it is a jump. */
    Instruction skippingTo(int distance) {
      boolean jumps = code == JUMP_EQUAL_32 || code == JUMP_NOT_EQUAL_32;
      return jumps ? new Instruction(code, target, source, distance, constant) : this;
    }

    void write(ByteBuffer out) {
      out.put((byte) code)
          .put((byte) (target | source << 4))
          .putShort((short) offset)
          .putInt(constant);
    }
  }
}
