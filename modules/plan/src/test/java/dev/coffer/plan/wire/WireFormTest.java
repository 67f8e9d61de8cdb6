package dev.coffer.plan.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.plan.TestPlans;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WireFormTest {
  private static final Program ONE =
      new Program(
          Architecture.X86_64,
          List.of(new Program.Stage("one", 0, 1)),
          List.of(
              new Instruction(
                  Code.SYSCALL,
                  0,
                  Syscall.CLOSE.number(Architecture.X86_64),
                  List.of(Argument.slot(3)),
                  WireForm.NO_SLOT,
                  List.of(Patch.slotText(0, 2, 20, ' ')),
                  List.of(new Rule(WireForm.ERRNO_ANY, Rule.Action.CONTINUE, 0)),
                  WireForm.FLAG_PUBLISH)),
          Bytes.copyOf(new byte[24]),
          4,
          3);

  @Test
  void tablesFollowEachOtherWithTheSizesOfTheForm() {
    int size = 0;
    for (WireForm.Structure structure : WireForm.tables()) {
      assertThat(structure.size() % 8).isZero();
      size += structure.size();
    }
    assertThat(WireEncoder.encode(ONE)).hasSize(size + 24);
  }

  @Test
  void everyFieldComesBack() {
    assertThat(WireDecoder.decode(WireEncoder.encode(ONE))).isEqualTo(ONE);
  }

  @Test
  void aTruncatedFileIsRefused() {
    byte[] file = WireEncoder.encode(ONE);
    for (int size = 0; size < file.length; size++) {
      byte[] part = Arrays.copyOf(file, size);
      assertThatThrownBy(() -> WireDecoder.decode(part)).isInstanceOf(MalformedPlanException.class);
    }
  }

  @Test
  void damageIsRefusedOrRead() {
    byte[] file = TestPlans.EXEC.plan().encode();
    Random random = new Random(1);
    for (int round = 0; round < 20_000; round++) {
      byte[] damaged = file.clone();
      damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      try {
        WireDecoder.decode(damaged);
      } catch (MalformedPlanException e) {
        assertThat(e).hasMessageStartingWith("malformed plan: ");
      }
    }
  }

  @Test
  void whatTheExecutorWouldRefuseIsNotWritten() {
    Program tooManySlots =
        new Program(
            Architecture.X86_64,
            ONE.stages(),
            ONE.instructions(),
            ONE.pool(),
            WireForm.MAX_SLOTS + 1,
            3);
    assertThatThrownBy(() -> WireEncoder.encode(tooManySlots))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("plan too large");
  }

  @Test
  void everyCallHasItsOwnNumber() {
    for (Architecture architecture : Architecture.values()) {
      assertThat(Arrays.stream(Syscall.values()).map(call -> call.number(architecture)))
          .doesNotHaveDuplicates();
    }
  }
}
