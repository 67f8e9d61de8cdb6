package dev.coffer.engine.oci;

import dev.coffer.engine.EngineException;
import dev.coffer.engine.EngineException.Kind;
import dev.coffer.engine.model.ResourceRequest;
import dev.coffer.spec.json.JsonObject;
import dev.coffer.spec.runtime.BlockIo;
import dev.coffer.spec.runtime.Cpu;
import dev.coffer.spec.runtime.DeviceRule;
import dev.coffer.spec.runtime.HugepageLimit;
import dev.coffer.spec.runtime.Memory;
import dev.coffer.spec.runtime.Pids;
import dev.coffer.spec.runtime.Resources;
import dev.coffer.spec.runtime.Rlimit;
import dev.coffer.spec.runtime.RlimitType;
import dev.coffer.spec.runtime.ThrottleDevice;
import dev.coffer.spec.runtime.WeightDevice;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/** A container's limits. */
final class SpecResources {

  private static final long CPU_PERIOD_MICROS = 100_000;
  private static final long NANOS_PER_CPU = 1_000_000_000L;
  private static final Memory NO_MEMORY = Memory.builder().build();
  private static final Cpu NO_CPU = Cpu.builder().build();
  private static final BlockIo NO_BLOCK_IO = BlockIo.builder().build();

  private SpecResources() {}

  static Resources of(ResourceRequest request, List<DeviceRule> rules, HostDevices devices) {
    Resources.Builder resources = Resources.builder().devices(rules);
    Optional.of(memory(request)).filter(m -> !m.equals(NO_MEMORY)).ifPresent(resources::memory);
    Optional.of(cpu(request)).filter(c -> !c.equals(NO_CPU)).ifPresent(resources::cpu);
    request.pidsLimit().filter(limit -> limit != 0).ifPresent(l -> resources.pids(Pids.of(l)));
    Optional.of(blockIo(request, devices))
        .filter(io -> !io.equals(NO_BLOCK_IO))
        .ifPresent(resources::blockIO);
    List<HugepageLimit> pages = new ArrayList<>();
    request
        .hugepageLimits()
        .forEach((size, limit) -> pages.add(new HugepageLimit(size, limit, JsonObject.EMPTY)));
    return resources.hugepageLimits(pages).build();
  }

  private static Memory memory(ResourceRequest request) {
    Memory.Builder memory = Memory.builder();
    Optional<Long> limit = request.memoryBytes().filter(bytes -> bytes > 0);
    limit.ifPresent(memory::limit);
    // As Docker: a limit without a word on swap allows as much swap as memory.
    request
        .memorySwapBytes()
        .filter(bytes -> bytes != 0)
        .or(() -> limit.map(bytes -> bytes * 2))
        .ifPresent(memory::swap);
    request.memoryReservationBytes().filter(b -> b > 0).ifPresent(memory::reservation);
    request.memorySwappiness().filter(s -> s >= 0).ifPresent(memory::swappiness);
    if (request.oomKillDisable()) {
      memory.disableOOMKiller(true);
    }
    return memory.build();
  }

  private static Cpu cpu(ResourceRequest request) {
    Cpu.Builder cpu = Cpu.builder();
    request.cpuShares().filter(shares -> shares > 0).ifPresent(cpu::shares);
    Optional<Long> nano = request.nanoCpus().filter(n -> n > 0);
    if (nano.isPresent()) {
      cpu.period(CPU_PERIOD_MICROS);
      cpu.quota(nano.get() * CPU_PERIOD_MICROS / NANOS_PER_CPU);
    } else {
      request.cpuPeriodMicros().filter(period -> period > 0).ifPresent(cpu::period);
      request.cpuQuotaMicros().filter(quota -> quota != 0).ifPresent(cpu::quota);
    }
    request.cpuRealtimePeriodMicros().filter(p -> p > 0).ifPresent(cpu::realtimePeriod);
    request.cpuRealtimeRuntimeMicros().filter(r -> r > 0).ifPresent(cpu::realtimeRuntime);
    request.cpusetCpus().filter(list -> !list.isEmpty()).ifPresent(cpu::cpus);
    request.cpusetMems().filter(list -> !list.isEmpty()).ifPresent(cpu::mems);
    return cpu.build();
  }

  private static BlockIo blockIo(ResourceRequest request, HostDevices devices) {
    BlockIo.Builder io = BlockIo.builder();
    request.blkioWeight().filter(weight -> weight > 0).ifPresent(io::weight);
    io.weightDevice(
        perDevice(
            request.blkioWeightDevices(),
            devices,
            (node, weight) ->
                new WeightDevice(
                    node.major(),
                    node.minor(),
                    Optional.of(weight.intValue()),
                    Optional.empty(),
                    JsonObject.EMPTY)));
    io.throttleReadBpsDevice(throttles(request.deviceReadBps(), devices));
    io.throttleWriteBpsDevice(throttles(request.deviceWriteBps(), devices));
    io.throttleReadIOPSDevice(throttles(request.deviceReadIops(), devices));
    io.throttleWriteIOPSDevice(throttles(request.deviceWriteIops(), devices));
    return io.build();
  }

  private static List<ThrottleDevice> throttles(List<String> entries, HostDevices devices) {
    return perDevice(
        entries, devices, (node, rate) -> ThrottleDevice.of(node.major(), node.minor(), rate));
  }

  /** Reads {@code path:number} entries. */
  private static <T> List<T> perDevice(
      List<String> entries, HostDevices devices, BiFunction<HostDevices.Node, Long, T> make) {
    List<T> made = new ArrayList<>();
    for (String entry : entries) {
      int colon = entry.lastIndexOf(':');
      try {
        long number = Long.parseLong(entry.substring(colon + 1));
        for (HostDevices.Node node : devices.at(entry.substring(0, Math.max(colon, 0)))) {
          made.add(make.apply(node, number));
        }
      } catch (NumberFormatException notNumber) {
        throw invalid("invalid device limit \"" + entry + "\" (PATH:NUMBER)");
      } catch (IllegalArgumentException cause) {
        throw invalid("device limit \"" + entry + "\": " + cause.getMessage());
      }
    }
    return List.copyOf(made);
  }

  /** The rlimits of {@code --ulimit}. */
  static List<Rlimit> rlimits(Map<String, ResourceRequest.Ulimit> ulimits) {
    List<Rlimit> rlimits = new ArrayList<>();
    ulimits.forEach(
        (name, limit) -> rlimits.add(Rlimit.of(type(name), limit.soft(), limit.hard())));
    return List.copyOf(rlimits);
  }

  private static RlimitType type(String name) {
    for (RlimitType type : RlimitType.values()) {
      if (type.name().equals(name.toUpperCase(Locale.ROOT))) {
        return type;
      }
    }
    throw invalid("invalid ulimit \"" + name + "\"");
  }

  private static EngineException invalid(String cause) {
    return new EngineException(Kind.INVALID, "cannot create container: " + cause);
  }
}
