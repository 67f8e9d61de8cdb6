package dev.coffer.kernel;

/**
 * One request among several that are sent together.
 *
 * @param what the request in words, for the error
 * @param message the request
 */
public record NetlinkRequest(String what, NetlinkMessage message) {}
