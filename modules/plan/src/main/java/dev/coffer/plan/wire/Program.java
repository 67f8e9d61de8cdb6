package dev.coffer.plan.wire;

import java.util.List;

/**
 * A plan in lowered form: exactly what the encoded bytes say.
 *
 * @param architecture the machine it is for
 * @param stages runs of instructions, each executed by one process
 * @param instructions all instructions
 * @param pool strings and structures that the instructions point into
 * @param slotCount number of slots
 * @param inputSlots how many of them are filled before stage 0 starts
 */
public record Program(
    Architecture architecture,
    List<Stage> stages,
    List<Instruction> instructions,
    Bytes pool,
    int slotCount,
    int inputSlots) {

  public Program {
    stages = List.copyOf(stages);
    instructions = List.copyOf(instructions);
  }

  /**
   * A run of instructions.
   *
   * @param name the process's name, at most 15 bytes
   * @param first index of the first instruction
   * @param count number of instructions
   */
  public record Stage(String name, int first, int count) {}
}
