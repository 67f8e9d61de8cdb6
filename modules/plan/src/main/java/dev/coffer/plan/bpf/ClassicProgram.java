package dev.coffer.plan.bpf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * A classic BPF program.
 *
 * @param instructions 1 to {@link #MAX_INSTRUCTIONS} of them; the last returns
 */
public record ClassicProgram(List<ClassicInstruction> instructions) {
  /** {@code BPF_MAXINSNS}: what the kernel takes at most. */
  public static final int MAX_INSTRUCTIONS = 4096;

  /** {@code sizeof(struct sock_filter)}. */
  public static final int INSTRUCTION_BYTES = 8;

  public ClassicProgram {
    instructions = List.copyOf(instructions);
  }

  /** The instructions as {@code struct sock_filter[]}, little-endian. */
  public byte[] bytes() {
    ByteBuffer out =
        ByteBuffer.allocate(instructions.size() * INSTRUCTION_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (ClassicInstruction instruction : instructions) {
      out.putShort((short) instruction.code())
          .put((byte) instruction.jumpTrue())
          .put((byte) instruction.jumpFalse())
          .putInt(instruction.operand());
    }
    return out.array();
  }

  /** One instruction on each line, numbered from 0. */
  public String listing() {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < instructions.size(); i++) {
      out.append(i).append(": ").append(instructions.get(i)).append('\n');
    }
    return out.toString();
  }
}
