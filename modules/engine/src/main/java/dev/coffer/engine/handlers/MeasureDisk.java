package dev.coffer.engine.handlers;

import dev.coffer.engine.container.Container;
import dev.coffer.engine.container.ContainerIndex;
import dev.coffer.engine.container.Volumes;
import dev.coffer.engine.lifecycle.DiskUse;
import dev.coffer.engine.lifecycle.RootFilesystem;
import dev.coffer.engine.model.DiskUsage;
import dev.coffer.engine.model.DiskUsage.Part;
import dev.coffer.engine.state.MountPoint;
import dev.coffer.image.Image;
import dev.coffer.image.ImageStore;
import dev.coffer.image.StoreUse;
import dev.coffer.spec.image.Digest;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Tells what is taken of the disk. */
public final class MeasureDisk {

  private final ContainerIndex containers;
  private final ImageStore images;
  private final RootFilesystem roots;
  private final Volumes volumes;
  private final Predicate<Digest> isUsed;

  /**
   * Measures these.
   *
   * @param isUsed whether an image may not be removed
   */
  public MeasureDisk(
      ContainerIndex containers,
      ImageStore images,
      RootFilesystem roots,
      Volumes volumes,
      Predicate<Digest> isUsed) {
    this.containers = containers;
    this.images = images;
    this.roots = roots;
    this.volumes = volumes;
    this.isUsed = isUsed;
  }

  /** Carries the command out. */
  public DiskUsage handle() {
    return Attempt.at(
        "cannot measure the disk",
        () -> {
          Map<String, Long> bytes = new TreeMap<>();
          for (String name : volumes.names()) {
            bytes.put(name, DiskUse.allocated(volumes.data(name)));
          }
          Map<String, Integer> users = users();
          return new DiskUsage(images(), containers(), volumes(bytes, users), bytes, users);
        });
  }

  private Part images() throws IOException {
    List<Image> all = images.list();
    Set<Digest> used =
        all.stream().map(Image::id).filter(isUsed).collect(Collectors.toUnmodifiableSet());
    long active = all.stream().filter(image -> used.contains(image.id())).count();
    StoreUse use = images.use(used::contains);
    return new Part(all.size(), Math.toIntExact(active), use.bytes(), use.bytes() - use.needed());
  }

  private Part containers() {
    int total = 0;
    int active = 0;
    long bytes = 0;
    long reclaimable = 0;
    for (Container container : containers.all()) {
      boolean runs = container.state().status().isUp();
      long own = DiskUse.allocated(roots.ownFiles(container.config()));
      total++;
      active += runs ? 1 : 0;
      bytes += own;
      reclaimable += runs ? 0 : own;
    }
    return new Part(total, active, bytes, reclaimable);
  }

  private static Part volumes(Map<String, Long> bytes, Map<String, Integer> users) {
    long all = bytes.values().stream().mapToLong(Long::longValue).sum();
    long free =
        bytes.entrySet().stream()
            .filter(each -> !users.containsKey(each.getKey()))
            .mapToLong(Map.Entry::getValue)
            .sum();
    long active = bytes.keySet().stream().filter(users::containsKey).count();
    return new Part(bytes.size(), Math.toIntExact(active), all, free);
  }

  private Map<String, Integer> users() {
    Map<String, Integer> users = new TreeMap<>();
    for (Container container : containers.all()) {
      for (MountPoint mount : container.config().mounts()) {
        if (mount.kind() == MountPoint.Kind.VOLUME) {
          int _ = users.merge(mount.name(), 1, Integer::sum);
        }
      }
    }
    return users;
  }
}
