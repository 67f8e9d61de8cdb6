package dev.coffer.engine.model;

import java.util.List;
import java.util.Map;

/**
 * Privileges of a new container.
 *
 * @param privileged all capabilities, all devices, nothing masked, no seccomp
 * @param capAdd capabilities to add, {@code ALL} allowed
 * @param capDrop capabilities to drop, {@code ALL} allowed
 * @param securityOptions Docker's {@code --security-opt} values; profile files have been read by
 *     the front door: {@code seccomp=} is followed by the profile's JSON, {@code unconfined} or
 *     {@code builtin}
 * @param groupAdd extra groups, names or numbers
 * @param sysctls kernel parameters
 * @param readOnlyRootfs whether the root file system is read-only
 */
public record SecurityRequest(
    boolean privileged,
    List<String> capAdd,
    List<String> capDrop,
    List<String> securityOptions,
    List<String> groupAdd,
    Map<String, String> sysctls,
    boolean readOnlyRootfs) {}
