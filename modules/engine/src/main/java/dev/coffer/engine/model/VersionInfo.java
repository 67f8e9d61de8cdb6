package dev.coffer.engine.model;

/**
 * Versions of Coffer and of what it runs on.
 *
 * @param build grows with every build
 * @param arch as Go names it, such as {@code amd64}
 * @param runtimeSpec of the OCI
 */
public record VersionInfo(
    String version,
    long build,
    String java,
    String kernel,
    String os,
    String arch,
    String runtimeSpec) {}
