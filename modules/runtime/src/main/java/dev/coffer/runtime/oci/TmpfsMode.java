package dev.coffer.runtime.oci;

import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileType;
import dev.coffer.kernel.Stat;
import dev.coffer.runtime.rootfs.RootView;
import dev.coffer.spec.runtime.Mount;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The mode of a tmpfs that its options say nothing of: as under other runtimes, that of the
 * directory that it lies over, and where there is none the kernel's default.
 */
final class TmpfsMode {
  private TmpfsMode() {}

  /** These take it from elsewhere. */
  private static final Set<String> MODELESS = Set.of("tmpcopyup", "remount");

  /**
   * Mounts with that mode among their options.
   *
   * @param root the container's root file system
   */
  static List<Mount> complete(List<Mount> mounts, Fd root) throws IOException {
    List<Mount> complete = new ArrayList<>();
    for (Mount mount : mounts) {
      Optional<Integer> mode =
          inherits(mount) && !isWithin(complete, mount)
              ? directoryMode(mount, root)
              : Optional.empty();
      complete.add(mode.isPresent() ? withMode(mount, mode.get()) : mount);
    }
    return complete;
  }

  private static boolean inherits(Mount mount) {
    return mount.type().equals(Optional.of("tmpfs"))
        && !mount.isBind()
        && mount.options().stream()
            .noneMatch(option -> saysMode(option) || MODELESS.contains(option));
  }

  /** One text may hold several options. */
  private static boolean saysMode(String option) {
    return option.startsWith("mode=") || option.contains(",mode=");
  }

  /** Whether it lies in what an earlier one mounts, of which nothing is known yet. */
  private static boolean isWithin(List<Mount> earlier, Mount mount) {
    Path destination = path(mount);
    return earlier.stream().anyMatch(each -> destination.startsWith(path(each)));
  }

  private static Path path(Mount mount) {
    return Path.of("/").resolve(mount.destination()).normalize();
  }

  private static Optional<Integer> directoryMode(Mount mount, Fd root) throws IOException {
    return new RootView(root)
        .stat(mount.destination())
        .filter(found -> found.type() == FileType.DIRECTORY)
        .map(Stat::permissions);
  }

  private static Mount withMode(Mount mount, int mode) {
    List<String> options = new ArrayList<>(mount.options());
    options.add("mode=" + Integer.toOctalString(mode));
    return new Mount(
        mount.destination(),
        mount.type(),
        mount.source(),
        options,
        mount.uidMappings(),
        mount.gidMappings(),
        mount.extra());
  }
}
