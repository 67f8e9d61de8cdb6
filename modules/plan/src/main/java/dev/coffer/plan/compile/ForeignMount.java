package dev.coffer.plan.compile;

/**
 * A mount in the mount namespace of another process.
 *
 * @param input name of the plan's input that is the process's pidfd
 * @param path absolute path in that process's root
 */
public record ForeignMount(String input, String path) {}
