package dev.coffer.engine.state;

/**
 * A mount of a container after its request has been decided.
 *
 * @param kind what is mounted
 * @param name the volume's name, or empty
 * @param source path on the host; empty for a memory file system
 * @param target path inside
 * @param readOnly whether writing is refused
 * @param readOnlyRecursive whether that covers mounts below the source
 * @param recursive whether mounts below the source come along
 * @param propagation such as {@code rprivate}
 * @param options mount options of a memory file system
 * @param copyUp whether an empty volume is filled at the first start with what the image has there
 * @param anonymous whether the volume belongs to this container and may go with it
 */
public record MountPoint(
    Kind kind,
    String name,
    String source,
    String target,
    boolean readOnly,
    boolean readOnlyRecursive,
    boolean recursive,
    String propagation,
    String options,
    boolean copyUp,
    boolean anonymous) {

  /** What is mounted. */
  public enum Kind {
    BIND,
    VOLUME,
    TMPFS
  }
}
