package dev.coffer.cli.oci;

import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.option.CommandModel;
import dev.coffer.cli.option.Option;
import dev.coffer.cli.option.Type;
import dev.coffer.cli.value.ByteSize;
import dev.coffer.runtime.oci.ResourceClass.Schemata;
import dev.coffer.runtime.oci.UpdateContainer;
import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.Limits;
import dev.coffer.spec.runtime.BlockIo;
import dev.coffer.spec.runtime.Cpu;
import dev.coffer.spec.runtime.Memory;
import dev.coffer.spec.runtime.Pids;
import dev.coffer.spec.runtime.Resources;
import java.io.IOException;
import java.util.Optional;

/** {@code coffer-oci update}. */
final class OciUpdate implements OciCommand {
  private static final String STANDARD_INPUT = "-";

  private static final Option<Optional<String>> RESOURCES =
      Option.of(
          "resources",
          'r',
          Type.nonEmptyText(),
          "File with linux.resources as JSON, or - for standard input; other options do not count");
  private static final Option<Optional<Long>> BLKIO_WEIGHT =
      number("blkio-weight", "Weight of block I/O, from 10 to 1000");
  private static final Option<Optional<Long>> CPU_PERIOD =
      number("cpu-period", "Period of the CPU quota in microseconds");
  private static final Option<Optional<Long>> CPU_QUOTA =
      number("cpu-quota", "CPU time in a period in microseconds; -1: unlimited");
  private static final Option<Optional<Long>> CPU_BURST =
      number("cpu-burst", "CPU time that may be saved up, in microseconds");
  private static final Option<Optional<Long>> CPU_SHARE =
      number("cpu-share", "Weight of CPU time, from 2 to 262144");
  private static final Option<Optional<Long>> CPU_RT_PERIOD =
      number("cpu-rt-period", "Period of the real-time limit in microseconds");
  private static final Option<Optional<Long>> CPU_RT_RUNTIME =
      number("cpu-rt-runtime", "Real-time CPU time in a period in microseconds");
  private static final Option<Optional<String>> CPUSET_CPUS =
      Option.of("cpuset-cpus", Type.nonEmptyText(), "CPUs to run on, such as 0-3,7");
  private static final Option<Optional<String>> CPUSET_MEMS =
      Option.of("cpuset-mems", Type.nonEmptyText(), "Memory nodes to use");
  private static final Option<Optional<Long>> CPU_IDLE =
      number("cpu-idle", "1: run only when nobody else wants to; 0: as others");
  private static final Option<Optional<Long>> KERNEL_MEMORY =
      number("kernel-memory", "Accepted: the kernel has no such limit any more");
  private static final Option<Optional<Long>> KERNEL_MEMORY_TCP =
      number("kernel-memory-tcp", "Accepted: the kernel has no such limit any more");
  private static final Option<Optional<Long>> MEMORY =
      bytes("memory", "Limit of memory in bytes; -1: none");
  private static final Option<Optional<Long>> MEMORY_RESERVATION =
      bytes("memory-reservation", "Memory that is kept for it, in bytes");
  private static final Option<Optional<Long>> MEMORY_SWAP =
      bytes("memory-swap", "Limit of memory and swap together in bytes; -1: none");
  private static final Option<Optional<Long>> PIDS_LIMIT =
      number("pids-limit", "Most processes and threads; -1: any number");
  private static final Option<Optional<String>> L3_CACHE_SCHEMA =
      Option.of("l3-cache-schema", Type.nonEmptyText(), "Intel RDT: schema of the L3 cache");
  private static final Option<Optional<String>> MEM_BW_SCHEMA =
      Option.of("mem-bw-schema", Type.nonEmptyText(), "Intel RDT: schema of memory bandwidth");

  private static final CommandModel MODEL =
      CommandModel.of(
          "oci update",
          "CONTAINER-ID",
          "Change the limits of a container",
          1,
          1,
          RESOURCES,
          BLKIO_WEIGHT,
          CPU_PERIOD,
          CPU_QUOTA,
          CPU_BURST,
          CPU_SHARE,
          CPU_RT_PERIOD,
          CPU_RT_RUNTIME,
          CPUSET_CPUS,
          CPUSET_MEMS,
          CPU_IDLE,
          KERNEL_MEMORY,
          KERNEL_MEMORY_TCP,
          MEMORY,
          MEMORY_RESERVATION,
          MEMORY_SWAP,
          PIDS_LIMIT,
          L3_CACHE_SCHEMA,
          MEM_BW_SCHEMA);

  private static Option<Optional<Long>> number(String name, String description) {
    return Option.of(name, Type.longInteger(), description);
  }

  private static Option<Optional<Long>> bytes(String name, String description) {
    return Option.of(name, Type.last("bytes", ByteSize::parseOrUnlimited), description);
  }

  @Override
  public CommandModel model() {
    return MODEL;
  }

  @Override
  public int run(OciRequest request, Arguments arguments) throws IOException {
    Optional<String> file = arguments.get(RESOURCES);
    Resources resources = file.isPresent() ? read(request, file.get()) : resources(arguments);
    UpdateContainer.update(
        request.caller(),
        arguments.positionals().getFirst(),
        resources,
        new Schemata(arguments.get(L3_CACHE_SCHEMA), arguments.get(MEM_BW_SCHEMA)));
    return 0;
  }

  private static Resources read(OciRequest request, String file) throws IOException {
    return Resources.read(
        file.equals(STANDARD_INPUT)
            ? JsonCursor.read("resources", request.input(), Limits.CONFIG)
            : JsonCursor.read("resources", request.document(file), Limits.CONFIG));
  }

  static Resources resources(Arguments arguments) {
    Memory.Builder memory = Memory.builder();
    arguments.get(MEMORY).ifPresent(memory::limit);
    arguments.get(MEMORY_RESERVATION).ifPresent(memory::reservation);
    arguments.get(MEMORY_SWAP).ifPresent(memory::swap);
    Cpu.Builder cpu = Cpu.builder();
    arguments.get(CPU_PERIOD).ifPresent(cpu::period);
    arguments.get(CPU_QUOTA).ifPresent(cpu::quota);
    arguments.get(CPU_BURST).ifPresent(cpu::burst);
    arguments.get(CPU_SHARE).ifPresent(cpu::shares);
    arguments.get(CPU_RT_PERIOD).ifPresent(cpu::realtimePeriod);
    arguments.get(CPU_RT_RUNTIME).ifPresent(cpu::realtimeRuntime);
    arguments.get(CPU_IDLE).ifPresent(cpu::idle);
    arguments.get(CPUSET_CPUS).ifPresent(cpu::cpus);
    arguments.get(CPUSET_MEMS).ifPresent(cpu::mems);
    Resources.Builder resources = Resources.builder().memory(memory.build()).cpu(cpu.build());
    arguments.get(PIDS_LIMIT).ifPresent(limit -> resources.pids(Pids.of(limit)));
    arguments
        .get(BLKIO_WEIGHT)
        .filter(weight -> weight != 0)
        .ifPresent(
            weight -> resources.blockIO(BlockIo.builder().weight(weight.intValue()).build()));
    return resources.build();
  }
}
