package dev.coffer.runtime.rootfs;

import java.util.List;

/**
 * Who a process is.
 *
 * @param groups all groups, the primary one first
 * @param home the home directory, {@code /} where passwd has none
 */
public record Identity(long uid, long gid, List<Long> groups, String home) {}
