package dev.coffer.engine.lifecycle;

import dev.coffer.engine.container.Volumes;
import dev.coffer.engine.state.MountPoint;
import dev.coffer.image.tree.TreeCopy;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.OpenFlags;
import dev.coffer.runtime.rootfs.RootView;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Fills empty volumes with what the image has in their place, as Docker does. The copy is made
 * beside the volume and renamed into it: a crash leaves the volume empty or whole.
 */
public final class VolumeFiller {

  private static final int OPEN_DIRECTORY = OpenFlags.RDONLY | OpenFlags.DIRECTORY;

  private final Volumes volumes;

  /** Fills these. */
  public VolumeFiller(Volumes volumes) {
    this.volumes = volumes;
  }

  /** Sees to it that a container's volumes exist and, where wanted, are filled. */
  public synchronized void fill(List<MountPoint> mounts, RootView root) throws IOException {
    for (MountPoint mount : mounts) {
      if (mount.kind() == MountPoint.Kind.VOLUME) {
        volumes.ensure(mount.name());
        if (mount.copyUp() && volumes.isEmpty(mount.name())) {
          fill(mount, root);
        }
      }
    }
  }

  private void fill(MountPoint mount, RootView root) throws IOException {
    Optional<Fd> source = root.open(mount.target(), OPEN_DIRECTORY);
    if (source.isEmpty()) {
      return;
    }
    try (Fd from = source.get()) {
      Path filled = volumes.beginFill(mount.name());
      try (Fd to = FileOpen.path(filled.toString(), OPEN_DIRECTORY)) {
        TreeCopy.copy(from, to);
      }
      volumes.endFill(mount.name(), filled);
    }
  }
}
