package dev.coffer.plan;

import dev.coffer.plan.wire.Architecture;
import java.util.Map;
import java.util.Set;

/**
 * What a plan has to know of the host. Plain data: whoever may ask the kernel fills it in.
 *
 * @param architecture the machine
 * @param kernelRelease as {@code uname -r} prints it, for messages
 * @param cgroups how cgroups are mounted
 * @param inUserNamespace whether the engine runs in a user namespace that is not the host's
 * @param lastCapability highest capability number (/proc/sys/kernel/cap_last_cap)
 * @param permittedCapabilities the engine's permitted set as a bit mask
 * @param boundingCapabilities the engine's bounding set as a bit mask
 * @param hardLimits the engine's hard limits by name such as {@code RLIMIT_NOFILE}; -1 is unlimited
 * @param features what the kernel can do
 * @param cpusets what a new cpuset of version 1 can have
 * @param appArmor whether AppArmor confines programs here
 * @param seLinux whether SELinux does
 */
public record HostFacts(
    Architecture architecture,
    String kernelRelease,
    CgroupLayout cgroups,
    boolean inUserNamespace,
    int lastCapability,
    long permittedCapabilities,
    long boundingCapabilities,
    Map<String, Long> hardLimits,
    Set<Feature> features,
    Cpusets cpusets,
    boolean appArmor,
    boolean seLinux) {

  private static final int CAP_SYS_ADMIN = 21;
  private static final int CAP_SYS_RESOURCE = 24;

  public HostFacts {
    hardLimits = Map.copyOf(hardLimits);
    features = Set.copyOf(features);
  }

  /** The same host for another process: its cgroups, capabilities and limits. */
  public HostFacts forProcess(
      CgroupLayout itsCgroups, long permitted, long bounding, Map<String, Long> limits) {
    return new HostFacts(
        architecture,
        kernelRelease,
        itsCgroups,
        inUserNamespace,
        lastCapability,
        permitted,
        bounding,
        limits,
        features,
        cpusets,
        appArmor,
        seLinux);
  }

  /** The same host with its cgroups seen in another way. */
  public HostFacts withCgroups(CgroupLayout others) {
    return forProcess(others, permittedCapabilities, boundingCapabilities, hardLimits);
  }

  /** The same host as a cgroup at some place finds it. */
  public HostFacts withCpusets(Cpusets there) {
    return new HostFacts(
        architecture,
        kernelRelease,
        cgroups,
        inUserNamespace,
        lastCapability,
        permittedCapabilities,
        boundingCapabilities,
        hardLimits,
        features,
        there,
        appArmor,
        seLinux);
  }

  public boolean has(Feature feature) {
    return features.contains(feature);
  }

  /** Whether mounts and namespaces can be made as root makes them (CAP_SYS_ADMIN). */
  public boolean mayMount() {
    return (permittedCapabilities >>> CAP_SYS_ADMIN & 1) == 1;
  }

  /**
   * Whether a cgroup's device list can be changed. Who may not has a user namespace around the
   * container, in which there is no device node to be kept from.
   */
  public boolean mayFilterDevices() {
    return !inUserNamespace && mayMount();
  }

  /** Whether hard limits can be raised and OOM scores lowered (CAP_SYS_RESOURCE on the host). */
  public boolean mayRaiseLimits() {
    return !inUserNamespace && (permittedCapabilities >>> CAP_SYS_RESOURCE & 1) == 1;
  }
}
