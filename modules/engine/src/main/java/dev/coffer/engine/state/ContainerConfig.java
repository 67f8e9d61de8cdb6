package dev.coffer.engine.state;

import dev.coffer.engine.model.ContainerRequest;
import dev.coffer.image.snapshot.SnapshotKind;
import dev.coffer.spec.image.Healthcheck;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a container is: the content of {@code container.json}. Only a rename writes it again.
 *
 * @param version of this record's form, {@link #VERSION}
 * @param id 64 hexadecimal digits
 * @param name unique among the containers of a data root
 * @param imageId digest of the image's config
 * @param imageReference the image's name as the user gave it
 * @param request what the user asked for
 * @param process what runs
 * @param hostname host name inside
 * @param labels the image's, overridden by the user's
 * @param exposedPorts {@code port/protocol}
 * @param volumes the paths that the image declares as volumes
 * @param healthcheck the image's, kept for those who read it
 * @param stopSignal signal that asks it to end, as {@code SIGTERM}
 * @param mounts mounts in the order of their making
 * @param snapshotter how its root file system is kept; empty: as an overlay
 */
public record ContainerConfig(
    int version,
    String id,
    String name,
    Instant created,
    String imageId,
    String imageReference,
    ContainerRequest request,
    JoinedProcess process,
    String hostname,
    Map<String, String> labels,
    List<String> exposedPorts,
    List<String> volumes,
    Optional<Healthcheck> healthcheck,
    String stopSignal,
    List<MountPoint> mounts,
    Optional<SnapshotKind> snapshotter) {

  /** The form that this engine writes. */
  public static final int VERSION = 1;

  /** The same container under another name. */
  public ContainerConfig renamed(String newName) {
    return with(newName, snapshotter);
  }

  /** The same container with its root file system kept like that. */
  public ContainerConfig keptBy(SnapshotKind kind) {
    return with(name, Optional.of(kind));
  }

  /** How its root file system is kept. */
  public SnapshotKind snapshotKind() {
    return snapshotter.orElse(SnapshotKind.OVERLAY);
  }

  private ContainerConfig with(String newName, Optional<SnapshotKind> kind) {
    return new ContainerConfig(
        version,
        id,
        newName,
        created,
        imageId,
        imageReference,
        request,
        process,
        hostname,
        labels,
        exposedPorts,
        volumes,
        healthcheck,
        stopSignal,
        mounts,
        kind);
  }

  /** Whether the container goes away when it has ended: nothing of it is worth syncing. */
  public boolean isEphemeral() {
    return request.lifecycle().autoRemove();
  }

  /** The first twelve digits of the id. */
  public String shortId() {
    return id.substring(0, 12);
  }
}
