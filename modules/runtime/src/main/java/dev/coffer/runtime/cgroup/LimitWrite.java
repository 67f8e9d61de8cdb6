package dev.coffer.runtime.cgroup;

/**
 * One limit to be written.
 *
 * @param controller whose hierarchy has the file: {@code memory}
 * @param file {@code memory.max}, {@code memory.limit_in_bytes}
 */
public record LimitWrite(String controller, String file, String value) {}
