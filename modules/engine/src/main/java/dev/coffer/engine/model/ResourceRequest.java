package dev.coffer.engine.model;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Limits of a new container. Sizes are bytes; an empty option sets no limit.
 *
 * @param memoryBytes hard limit
 * @param memorySwapBytes memory plus swap; -1 unlimited
 * @param memoryReservationBytes soft limit
 * @param memorySwappiness 0 to 100
 * @param oomKillDisable whether the kernel's killer is switched off (cgroup v1)
 * @param nanoCpus CPUs times 10^9
 * @param cpuShares relative weight, 2 to 262144
 * @param cpuPeriodMicros length of a CPU period
 * @param cpuQuotaMicros CPU time per period
 * @param cpuRealtimePeriodMicros as the kernel's cpu.rt_period_us
 * @param cpuRealtimeRuntimeMicros as the kernel's cpu.rt_runtime_us
 * @param cpusetCpus list such as {@code 0-2,4}
 * @param cpusetMems list of memory nodes
 * @param pidsLimit -1 unlimited
 * @param blkioWeight 10 to 1000
 * @param blkioWeightDevices {@code path:weight}
 * @param deviceReadBps {@code path:bytes per second}
 * @param deviceWriteBps {@code path:bytes per second}
 * @param deviceReadIops {@code path:operations per second}
 * @param deviceWriteIops {@code path:operations per second}
 * @param devices {@code host[:container[:rwm]]}
 * @param deviceCgroupRules {@code c 1:3 rwm}
 * @param ulimits name to soft and hard limit
 * @param shmSizeBytes size of /dev/shm
 * @param oomScoreAdj -1000 to 1000
 * @param cgroupParent parent path of the container's cgroup
 * @param hugepageLimits page size such as {@code 2MB} to bytes
 */
public record ResourceRequest(
    Optional<Long> memoryBytes,
    Optional<Long> memorySwapBytes,
    Optional<Long> memoryReservationBytes,
    Optional<Integer> memorySwappiness,
    boolean oomKillDisable,
    Optional<Long> nanoCpus,
    Optional<Long> cpuShares,
    Optional<Long> cpuPeriodMicros,
    Optional<Long> cpuQuotaMicros,
    Optional<Long> cpuRealtimePeriodMicros,
    Optional<Long> cpuRealtimeRuntimeMicros,
    Optional<String> cpusetCpus,
    Optional<String> cpusetMems,
    Optional<Long> pidsLimit,
    Optional<Integer> blkioWeight,
    List<String> blkioWeightDevices,
    List<String> deviceReadBps,
    List<String> deviceWriteBps,
    List<String> deviceReadIops,
    List<String> deviceWriteIops,
    List<String> devices,
    List<String> deviceCgroupRules,
    Map<String, Ulimit> ulimits,
    Optional<Long> shmSizeBytes,
    Optional<Integer> oomScoreAdj,
    Optional<String> cgroupParent,
    Map<String, Long> hugepageLimits) {

  /** A soft and a hard limit; -1 is unlimited. */
  public record Ulimit(long soft, long hard) {}
}
