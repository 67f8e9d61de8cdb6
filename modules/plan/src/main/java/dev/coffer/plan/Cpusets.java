package dev.coffer.plan;

import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * What a new cpuset of version 1 can have, which the kernel gives nothing and lets have no more
 * than the one above it (cpusets(7)).
 *
 * @param cpus list such as {@code 0-3}
 * @param memoryNodes list of the same form
 * @param unfilled files of cgroups on the way to the new one that somebody has made and not filled,
 *     outermost first, with what has to be in them before
 */
public record Cpusets(String cpus, String memoryNodes, SequencedMap<String, String> unfilled) {
  /** What a host has, where nothing is known of the cgroups on the way. */
  public static Cpusets ofHost(String cpus, String memoryNodes) {
    return new Cpusets(cpus, memoryNodes, new LinkedHashMap<>());
  }
}
