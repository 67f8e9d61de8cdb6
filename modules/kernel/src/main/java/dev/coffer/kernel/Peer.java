package dev.coffer.kernel;

/** The other end of a Unix socket: {@code SO_PEERCRED}, see {@code unix(7)}. */
public record Peer(int pid, int uid, int gid) {}
