package dev.coffer.plan.op;

import dev.coffer.plan.wire.Bytes;
import dev.coffer.plan.wire.Kernel;
import dev.coffer.plan.wire.Syscall;

/**
 * Attaches a device filter to a cgroup of version 2 (Documentation/admin-guide/cgroup-v2.rst,
 * Device controller; bpf(2)).
 *
 * @param cgroup descriptor of the cgroup's directory
 * @param program eBPF instructions, 8 bytes each
 */
public record AttachDeviceFilter(Slot cgroup, Bytes program, String why) implements Op {
  private static final int LOAD_SIZE = 48;
  private static final int INSTRUCTION_SIZE = 8;

  @Override
  public String describe() {
    return "limit devices";
  }

  @Override
  public void lower(Lowering lowering) {
    Slot filter = lowering.scratch(0);
    lowering
        .call(
            Syscall.BPF,
            lowering.number(Kernel.BPF_PROG_LOAD),
            loadAttributes(lowering).operand(),
            lowering.number(LOAD_SIZE))
        .into(filter);
    Structure attach =
        lowering
            .structure()
            .slot32(cgroup)
            .slot32(filter)
            .u32(Kernel.BPF_CGROUP_DEVICE)
            .u32(Kernel.BPF_F_ALLOW_MULTI);
    lowering.call(
        Syscall.BPF,
        lowering.number(Kernel.BPF_PROG_ATTACH),
        attach.operand(),
        lowering.number(attach.size()));
    lowering.close(filter);
  }

  private Structure loadAttributes(Lowering lowering) {
    return lowering
        .structure()
        .u32(Kernel.BPF_PROG_TYPE_CGROUP_DEVICE)
        .u32(program.size() / INSTRUCTION_SIZE)
        .pointer(lowering.bytes(program))
        .pointer(lowering.text("Apache-2.0"))
        .zeros(LOAD_SIZE - 24);
  }
}
