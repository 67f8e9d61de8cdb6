package dev.coffer.runtime.cgroup;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * What a cgroup uses. A part whose controller the host has not enabled is zero.
 *
 * @param memoryBytes all that is charged to it
 * @param inactiveFileBytes the part of it that is page cache which can go at once
 * @param memoryLimitBytes empty: none
 * @param oomKills how often the kernel killed a process for want of memory
 * @param cpu processor time of all its processes, ever
 * @param cpuUser the part of it outside of the kernel
 * @param cpuSystem the part of it inside
 * @param throttledPeriods how often the quota was used up
 * @param throttled for how long its processes waited then
 * @param processes how many processes and threads there are
 * @param processLimit empty: none
 * @param readBytes from block devices
 * @param writtenBytes to block devices
 */
public record CgroupStatistics(
    long memoryBytes,
    long inactiveFileBytes,
    OptionalLong memoryLimitBytes,
    long oomKills,
    Duration cpu,
    Duration cpuUser,
    Duration cpuSystem,
    long throttledPeriods,
    Duration throttled,
    long processes,
    OptionalLong processLimit,
    long readBytes,
    long writtenBytes) {}
