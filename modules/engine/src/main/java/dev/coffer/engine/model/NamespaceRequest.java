package dev.coffer.engine.model;

/**
 * Which namespaces a new container shares, in Docker's notation. The empty string is the default.
 *
 * @param pid {@code ""}, {@code host}, {@code container:ID}
 * @param ipc {@code ""}, {@code private}, {@code shareable}, {@code none}, {@code host}, {@code
 *     container:ID}
 * @param uts {@code ""}, {@code host}
 * @param user {@code ""}, {@code host}, or a remapping
 * @param cgroup {@code ""}, {@code private}, {@code host}
 */
public record NamespaceRequest(String pid, String ipc, String uts, String user, String cgroup) {}
