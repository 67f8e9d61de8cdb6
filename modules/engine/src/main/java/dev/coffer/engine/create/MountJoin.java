package dev.coffer.engine.create;

import dev.coffer.engine.model.MountRequest;
import dev.coffer.engine.state.MountPoint;
import dev.coffer.engine.state.MountPoint.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Decides a container's mounts: those asked for, and a volume for each path that the image names.
 */
public final class MountJoin {

  private static final String DEFAULT_PROPAGATION = "rprivate";

  private final Function<String, String> volumePath;
  private final Supplier<String> anonymousName;

  /**
   * Decides with these.
   *
   * @param volumePath a volume's name to its directory on the host
   * @param anonymousName makes names of anonymous volumes
   */
  public MountJoin(Function<String, String> volumePath, Supplier<String> anonymousName) {
    this.volumePath = volumePath;
    this.anonymousName = anonymousName;
  }

  /** The mounts, parents before what lies below them. */
  public List<MountPoint> join(List<MountRequest> requests, Collection<String> imageVolumes) {
    List<MountPoint> mounts = new ArrayList<>();
    for (MountRequest request : requests) {
      mounts.add(decide(request, Paths.normalize(request.target())));
    }
    for (String declared : imageVolumes) {
      String target = Paths.normalize(declared);
      if (mounts.stream().noneMatch(mount -> mount.target().equals(target))) {
        mounts.add(volume(anonymousName.get(), target, false, true, true));
      }
    }
    mounts.sort(Comparator.comparingLong(MountJoin::depth));
    return List.copyOf(mounts);
  }

  private MountPoint decide(MountRequest request, String target) {
    return switch (request) {
      case MountRequest.Bind bind ->
          new MountPoint(
              Kind.BIND,
              "",
              bind.source(),
              target,
              bind.readOnly(),
              bind.readOnlyRecursive(),
              bind.recursive(),
              bind.propagation().isEmpty() ? DEFAULT_PROPAGATION : bind.propagation(),
              "",
              false,
              false);
      case MountRequest.Volume volume ->
          volume(
              volume.name().orElseGet(anonymousName),
              target,
              volume.readOnly(),
              volume.copy(),
              volume.name().isEmpty());
      case MountRequest.Tmpfs tmpfs ->
          new MountPoint(
              Kind.TMPFS,
              "",
              "",
              target,
              tmpfs.readOnly(),
              false,
              false,
              "",
              tmpfs.options(),
              false,
              false);
    };
  }

  private MountPoint volume(
      String name, String target, boolean readOnly, boolean copy, boolean anonymous) {
    return new MountPoint(
        Kind.VOLUME,
        name,
        volumePath.apply(name),
        target,
        readOnly,
        false,
        true,
        DEFAULT_PROPAGATION,
        "",
        copy,
        anonymous);
  }

  private static long depth(MountPoint mount) {
    return mount.target().chars().filter(c -> c == '/').count();
  }
}
