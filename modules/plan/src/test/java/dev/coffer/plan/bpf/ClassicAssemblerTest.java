package dev.coffer.plan.bpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.plan.bpf.ClassicNode.Comparison;
import dev.coffer.plan.bpf.ClassicNode.Load;
import dev.coffer.plan.bpf.ClassicNode.Return;
import dev.coffer.plan.bpf.ClassicNode.Test;
import java.util.HexFormat;

class ClassicAssemblerTest {
  @org.junit.jupiter.api.Test
  void laysOutASmallProgram() {
    ClassicNode start =
        new Load(4, new Test(Comparison.EQUAL, 0xc000003e, new Return(0x7fff0000), new Return(0)));
    ClassicProgram program = ClassicAssembler.assemble(start);
    assertThat(program.listing())
        .isEqualTo(
            """
            0: ld [4]
            1: jeq #0xc000003e, +0, +1
            2: ret #0x7fff0000
            3: ret #0x0
            """);
    assertThat(HexFormat.of().formatHex(program.bytes()))
        .isEqualTo("2000000004000000150000013e0000c0060000000000ff7f0600000000000000");
  }

  @org.junit.jupiter.api.Test
  void reachesFarTargets() {
    // Every test may leave for a shared chain that lies far behind all of them.
    ClassicNode far = new Load(16, new Test(Comparison.EQUAL, 7, new Return(1), new Return(2)));
    ClassicNode next = new Return(3);
    for (int i = 999; i >= 0; i--) {
      next = new Test(Comparison.EQUAL, i, i % 3 == 0 ? far : new Return(1000 + i % 7), next);
    }
    ClassicInterpreter interpreter =
        new ClassicInterpreter(ClassicAssembler.assemble(new Load(0, next)));
    for (int number = 0; number < 1001; number++) {
      for (long argument = 6; argument <= 7; argument++) {
        int expected =
            number == 1000 ? 3 : number % 3 != 0 ? 1000 + number % 7 : argument == 7 ? 1 : 2;
        assertThat(interpreter.run(number, 0, new long[] {argument, 0, 0, 0, 0, 0}).value())
            .isEqualTo(expected);
      }
    }
  }

  @org.junit.jupiter.api.Test
  void refusesWhatTheKernelWouldRefuse() {
    ClassicNode next = new Return(3);
    for (int i = 0; i < 100_000; i++) {
      next = new Test(Comparison.EQUAL, i, new Return(1), next);
    }
    ClassicNode tooLong = next;
    assertThatThrownBy(() -> ClassicAssembler.assemble(tooLong))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("program has more than 4096 instructions");
  }
}
