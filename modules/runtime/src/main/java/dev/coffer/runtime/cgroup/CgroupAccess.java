package dev.coffer.runtime.cgroup;

import dev.coffer.plan.CgroupLayout;
import dev.coffer.plan.CgroupLayout.Hierarchy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Predicate;

/** What this process may do to cgroups without being root. */
public final class CgroupAccess {
  private CgroupAccess() {}

  /**
   * The layout in which every hierarchy is closed where this process may not make the cgroup of
   * that path.
   *
   * @param path as {@link Cgroups#of} takes it
   */
  public static CgroupLayout of(CgroupLayout layout, String path) {
    return of(layout, path, Files::isWritable);
  }

  static CgroupLayout of(CgroupLayout layout, String path, Predicate<Path> isWritable) {
    return layout.openOnly(hierarchy -> isWritable.test(last(directory(hierarchy, path))));
  }

  private static Path directory(Hierarchy hierarchy, String path) {
    return Path.of(hierarchy.mountPoint() + hierarchy.resolve(path));
  }

  /** The last directory on the way that is there. */
  private static Path last(Path directory) {
    Path last = directory;
    while (!Files.exists(last)) {
      last = last.getParent();
    }
    return last;
  }
}
