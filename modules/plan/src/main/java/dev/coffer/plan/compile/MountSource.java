package dev.coffer.plan.compile;

import dev.coffer.plan.PlanException;
import dev.coffer.spec.runtime.Mount;

/** Where bind mounts of a spec come from (runtime-spec, config.md, Mounts). */
public final class MountSource {
  private MountSource() {}

  /** Whether a mount is a bind mount, and none that changes what is mounted already. */
  public static boolean isBind(Mount mount) {
    MountOptions options = MountOptions.parse(mount.options());
    return !options.remount()
        && (mount.type().filter("bind"::equals).isPresent() || options.bind());
  }

  /** Whether a mount opens what may be a block device. */
  static boolean mayBeOnDevice(Mount mount) {
    MountOptions options = MountOptions.parse(mount.options());
    return !isBind(mount)
        && !options.remount()
        && mount.source().filter(source -> source.startsWith("/")).isPresent();
  }

  /** Whether a bind mount brings along the mounts below its source. */
  public static boolean isRecursive(Mount mount) {
    return MountOptions.parse(mount.options()).recursiveBind();
  }

  /**
   * The absolute path of a bind mount's source.
   *
   * @param bundle absolute path; empty where there is none
   * @throws PlanException where it has no source, or a relative one and no bundle
   */
  public static String of(Mount mount, String bundle) {
    String source =
        mount
            .source()
            .orElseThrow(
                () -> new PlanException("mount on \"" + mount.destination() + "\" has no source"));
    if (source.startsWith("/")) {
      return source;
    }
    if (bundle.isEmpty()) {
      throw new PlanException("mount \"" + source + "\": a relative source needs a bundle");
    }
    return bundle + "/" + source;
  }
}
