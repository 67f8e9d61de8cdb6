package dev.coffer.plan.bpf;

/**
 * One instruction of classic BPF: {@code struct sock_filter} of {@code linux/filter.h}.
 *
 * @param code operation, 16 bits
 * @param jumpTrue instructions to skip when a test holds, 0 to 255
 * @param jumpFalse instructions to skip when a test fails, 0 to 255
 * @param operand the constant {@code k}, unsigned
 */
public record ClassicInstruction(int code, int jumpTrue, int jumpFalse, int operand) {
  /** {@code BPF_LD | BPF_W | BPF_ABS}: loads the word at the offset {@code k}. */
  public static final int LOAD = 0x20;

  /** {@code BPF_JMP | BPF_JA}: skips {@code k} instructions. */
  public static final int JUMP = 0x05;

  /** {@code BPF_JMP | BPF_JEQ | BPF_K}. */
  public static final int JUMP_EQUAL = 0x15;

  /** {@code BPF_JMP | BPF_JGT | BPF_K}, unsigned. */
  public static final int JUMP_GREATER = 0x25;

  /** {@code BPF_JMP | BPF_JGE | BPF_K}, unsigned. */
  public static final int JUMP_GREATER_OR_EQUAL = 0x35;

  /** {@code BPF_ALU | BPF_AND | BPF_K}. */
  public static final int AND = 0x54;

  /** {@code BPF_RET | BPF_K}. */
  public static final int RETURN = 0x06;

  public ClassicInstruction {
    if ((jumpTrue | jumpFalse) < 0 || jumpTrue > 255 || jumpFalse > 255) {
      throw new IllegalArgumentException("jump out of range: " + jumpTrue + ", " + jumpFalse);
    }
  }

  static ClassicInstruction plain(int code, int operand) {
    return new ClassicInstruction(code, 0, 0, operand);
  }

  /** As {@code bpf_asm} writes it. */
  @Override
  public String toString() {
    return switch (code) {
      case LOAD -> "ld [" + operand + "]";
      case JUMP -> "ja +" + operand;
      case JUMP_EQUAL -> test("jeq");
      case JUMP_GREATER -> test("jgt");
      case JUMP_GREATER_OR_EQUAL -> test("jge");
      case AND -> "and #0x" + Integer.toHexString(operand);
      case RETURN -> "ret #0x" + Integer.toHexString(operand);
      default -> "code 0x" + Integer.toHexString(code);
    };
  }

  private String test(String name) {
    return name + " #0x" + Integer.toHexString(operand) + ", +" + jumpTrue + ", +" + jumpFalse;
  }
}
