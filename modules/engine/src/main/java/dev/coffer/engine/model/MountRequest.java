package dev.coffer.engine.model;

import java.util.Map;
import java.util.Optional;

/** One mount that a user asked for. {@code target} is an absolute path inside the container. */
public sealed interface MountRequest {

  /** Where it appears inside. */
  String target();

  /** Whether writing is refused. */
  boolean readOnly();

  /**
   * A file or directory of the host.
   *
   * @param source absolute path on the host
   * @param propagation {@code rprivate} (default), {@code private}, {@code rshared}, {@code
   *     shared}, {@code rslave}, {@code slave}
   * @param createSource make a missing source as a directory ({@code -v} does, {@code --mount} does
   *     not)
   * @param recursive whether mounts below the source come along
   * @param readOnlyRecursive whether read-only covers mounts below the source
   */
  record Bind(
      String source,
      String target,
      boolean readOnly,
      String propagation,
      boolean createSource,
      boolean recursive,
      boolean readOnlyRecursive)
      implements MountRequest {}

  /**
   * A named or anonymous volume.
   *
   * @param name its name; empty: anonymous
   * @param copy whether a new volume is filled with what the image has there
   * @param subpath directory inside the volume
   */
  record Volume(
      Optional<String> name,
      String target,
      boolean readOnly,
      boolean copy,
      Optional<String> subpath,
      Map<String, String> labels,
      Optional<String> driver,
      Map<String, String> driverOptions)
      implements MountRequest {}

  /**
   * A memory file system.
   *
   * @param options mount options as in {@code --tmpfs path:size=1m,mode=1777}
   */
  record Tmpfs(String target, boolean readOnly, String options) implements MountRequest {}
}
