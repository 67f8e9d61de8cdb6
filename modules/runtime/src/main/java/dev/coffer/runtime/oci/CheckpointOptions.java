package dev.coffer.runtime.oci;

import java.util.Optional;

/**
 * What {@code checkpoint} is told.
 *
 * @param id the container's
 * @param parent path of an earlier image, relative to this one's directory
 * @param leaveRunning whether the container goes on
 * @param preDump whether only memory is saved, and the container goes on
 * @param tcpSkipInFlight whether TCP connections that are being made are left out
 * @param linkRemap whether files without a name get one
 * @param statusDescriptor the caller's descriptor that gets a zero byte when pages can be fetched
 * @param pageServer who gets the pages
 */
public record CheckpointOptions(
    String id,
    CriuChoices common,
    Optional<String> parent,
    boolean leaveRunning,
    boolean preDump,
    boolean tcpSkipInFlight,
    boolean linkRemap,
    Optional<Integer> statusDescriptor,
    Optional<PageServer> pageServer) {

  /** Where a server of pages listens. */
  public record PageServer(String address, int port) {}
}
