package dev.coffer.plan.op;

import dev.coffer.plan.wire.Architecture;
import dev.coffer.plan.wire.Argument;
import dev.coffer.plan.wire.Bytes;
import dev.coffer.plan.wire.Code;
import dev.coffer.plan.wire.Instruction;
import dev.coffer.plan.wire.Kernel;
import dev.coffer.plan.wire.OpenFlag;
import dev.coffer.plan.wire.Program;
import dev.coffer.plan.wire.Syscall;
import java.util.ArrayList;
import java.util.List;

/**
 * Where operations put their instructions: it knows the machine, owns the pool, hands out scratch
 * slots and resolves labels. One lowering makes one program.
 */
public final class Lowering {
  private final Architecture architecture;
  private final int namedSlots;
  private final Pool pool = new Pool();
  private final List<Call> calls = new ArrayList<>();
  private final List<Program.Stage> stages = new ArrayList<>();
  private int op;
  private int scratchSlots;

  /**
   * @param namedSlots number of slots that the plan itself uses; scratch slots follow them
   */
  public Lowering(Architecture architecture, int namedSlots) {
    this.architecture = architecture;
    this.namedSlots = namedSlots;
  }

  public Architecture architecture() {
    return architecture;
  }

  /** Lowers one stage whose first operation has index {@code firstOp} in the plan. */
  public void stage(String name, int firstOp, List<Op> operations) {
    int first = calls.size();
    op = firstOp;
    for (Op operation : operations) {
      operation.lower(this);
      op++;
    }
    stages.add(new Program.Stage(name, first, calls.size() - first));
  }

  /** The finished program. */
  public Program program(int inputSlots) {
    List<Instruction> instructions = calls.stream().map(Call::finish).toList();
    return new Program(
        architecture, stages, instructions, pool.content(), namedSlots + scratchSlots, inputSlots);
  }

  /** Appends a system call. */
  public Call call(Syscall syscall, Operand... operands) {
    return append(new Call(Code.SYSCALL, op, syscall.number(architecture), operands));
  }

  /** Appends a special instruction. */
  public Call special(Code code, Operand... operands) {
    return append(new Call(code, op, 0, operands));
  }

  private Call append(Call call) {
    calls.add(call);
    return call;
  }

  /** Appends {@code close(slot)}. */
  public void close(Slot slot) {
    call(Syscall.CLOSE, slot(slot));
  }

  /** A slot that holds something only within one operation. */
  public Slot scratch(int number) {
    scratchSlots = Math.max(scratchSlots, number + 1);
    return new Slot(namedSlots + number, "scratch" + number);
  }

  public Label label() {
    return new Label();
  }

  /** Makes {@code label} mean the next instruction. */
  public void place(Label label) {
    label.place(calls.size());
  }

  public Operand number(long value) {
    return Operand.of(Argument.number(value));
  }

  public Operand slot(Slot slot) {
    return Operand.of(Argument.slot(slot.index()));
  }

  public Operand nothing() {
    return Operand.of(Argument.NULL);
  }

  /** The current directory, or rather: paths in this call are absolute. */
  public Operand here() {
    return number(Kernel.AT_FDCWD);
  }

  public Operand text(String text) {
    return Operand.of(Argument.pool(pool.text(text)));
  }

  public Operand bytes(Bytes bytes) {
    return Operand.of(Argument.pool(pool.block(bytes.toArray())));
  }

  public Operand openFlags(OpenFlag... flags) {
    return number(
        OpenFlag.combine(architecture, flags) | OpenFlag.CLOSE_ON_EXEC.value(architecture));
  }

  public Structure structure() {
    return new Structure(pool);
  }

  /** A NULL-terminated array of strings, as execve(2) takes it. */
  public Operand strings(List<String> texts) {
    Structure array = structure();
    texts.forEach(text -> array.pointer(text(text)));
    return array.u64(0).operand();
  }
}
