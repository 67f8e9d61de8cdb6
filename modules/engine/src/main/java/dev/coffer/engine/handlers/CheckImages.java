package dev.coffer.engine.handlers;

import dev.coffer.engine.command.ImageCommand;
import dev.coffer.engine.container.Container;
import dev.coffer.engine.container.ContainerIndex;
import dev.coffer.engine.lifecycle.ImageMounts;
import dev.coffer.image.CheckReport;
import dev.coffer.image.Image;
import dev.coffer.image.registry.client.Registries;
import dev.coffer.image.store.LocalImageStore;
import dev.coffer.spec.image.Digest;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** {@code image check}: whether the store still has what it was given. */
public final class CheckImages {
  private final LocalImageStore images;
  private final Registries registries;
  private final ContainerIndex containers;
  private final ImageMounts mounts;

  /** Checks this store. */
  public CheckImages(
      LocalImageStore images,
      Registries registries,
      ContainerIndex containers,
      ImageMounts mounts) {
    this.images = images;
    this.registries = registries;
    this.containers = containers;
    this.mounts = mounts;
  }

  /** Carries the command out. */
  public CheckReport handle(ImageCommand.CheckImages command) {
    Optional<LocalImageStore.RepositoryOf> repositories =
        command.repairFor().map(access -> name -> registries.open(name, access));
    return Attempt.at(
        "cannot check the images", () -> images.check(repositories, shown()::contains));
  }

  /** The layers below running containers and mounts. */
  private Set<Digest> shown() {
    Set<String> ids = new HashSet<>();
    for (Container container : containers.all()) {
      if (container.live().isPresent()) {
        ids.add(container.config().imageId());
      }
    }
    Set<Digest> chainIds = new HashSet<>();
    for (Image image : images.list()) {
      if (ids.contains(image.id().toString()) || mounts.isMounted(image.id())) {
        chainIds.addAll(image.chainIds());
      }
    }
    return chainIds;
  }
}
