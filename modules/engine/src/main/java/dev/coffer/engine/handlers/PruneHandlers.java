package dev.coffer.engine.handlers;

import dev.coffer.engine.EngineException;
import dev.coffer.engine.command.ContainerCommand.PruneContainers;
import dev.coffer.engine.command.ContainerCommand.Remove;
import dev.coffer.engine.command.ImageCommand.PruneImages;
import dev.coffer.engine.command.ImageCommand.RemoveImage;
import dev.coffer.engine.container.Container;
import dev.coffer.engine.container.ContainerIndex;
import dev.coffer.engine.lifecycle.DiskUse;
import dev.coffer.engine.lifecycle.RootFilesystem;
import dev.coffer.engine.model.ImageDeletion;
import dev.coffer.engine.model.PruneFilter;
import dev.coffer.engine.model.Pruned;
import dev.coffer.engine.model.PrunedImages;
import dev.coffer.image.Image;
import dev.coffer.image.ImageStore;
import dev.coffer.spec.image.Digest;
import dev.coffer.spec.image.Reference;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Removes what nobody uses. What comes into use meanwhile is spared: each thing goes by the rules
 * of its own removal.
 */
public final class PruneHandlers {

  private final ContainerIndex containers;
  private final RemoveContainer removal;
  private final ImageStore images;
  private final ImageHandlers imageHandlers;
  private final RootFilesystem roots;

  /** Prunes these. */
  public PruneHandlers(
      ContainerIndex containers,
      RemoveContainer removal,
      ImageStore images,
      ImageHandlers imageHandlers,
      RootFilesystem roots) {
    this.containers = containers;
    this.removal = removal;
    this.images = images;
    this.imageHandlers = imageHandlers;
    this.roots = roots;
  }

  /** Removes containers that do not run. */
  public Pruned handle(PruneContainers command) {
    List<String> removed = new ArrayList<>();
    long bytes = 0;
    for (Container container : containers.all()) {
      if (isAtRest(container) && matches(command.filter(), container)) {
        long size = DiskUse.allocated(roots.ownFiles(container.config()));
        if (removes(container)) {
          removed.add(container.id());
          bytes += size;
        }
      }
    }
    return new Pruned(removed, bytes);
  }

  private static boolean isAtRest(Container container) {
    return switch (container.state().status()) {
      case CREATED, EXITED, DEAD -> !container.config().isEphemeral();
      case RUNNING, PAUSED, RESTARTING, REMOVING -> false;
    };
  }

  private static boolean matches(PruneFilter filter, Container container) {
    return filter.matches(container.config().created(), container.config().labels());
  }

  private boolean removes(Container container) {
    try {
      removal.handle(new Remove(container.id(), false, false));
      return true;
    } catch (EngineException started) {
      // It runs by now, or somebody else has removed it.
      return false;
    }
  }

  /** Removes images that no container has. */
  public PrunedImages handle(PruneImages command) {
    return Attempt.at(
        "cannot prune images",
        () -> {
          long before = images.use(id -> false).bytes();
          List<ImageDeletion> deletions = new ArrayList<>();
          Set<Digest> unwanted = new HashSet<>();
          for (Image image : images.list()) {
            if (matches(command.filter(), image) && !imageHandlers.isUsed(image.id())) {
              unwanted.add(image.id());
              deletions.addAll(command.all() ? removeNames(image) : List.of());
            }
          }
          // What has a name by the time that it is its turn stays.
          deletions.addAll(
              ImageHandlers.inWords(
                  images.prune(id -> !unwanted.contains(id) || imageHandlers.isUsed(id))));
          long after = images.use(id -> false).bytes();
          return new PrunedImages(deletions, Math.max(0, before - after));
        });
  }

  private static boolean matches(PruneFilter filter, Image image) {
    return filter.matches(
        image.config().created().orElse(Instant.EPOCH), image.config().defaults().labels());
  }

  private List<ImageDeletion> removeNames(Image image) {
    List<ImageDeletion> deletions = new ArrayList<>();
    for (Reference name : image.references()) {
      try {
        deletions.addAll(imageHandlers.handle(new RemoveImage(name.familiar(), false, true)));
      } catch (EngineException spared) {
        // A container has it by now, or it is gone, or in a store that cannot be written to.
        System.getLogger(PruneHandlers.class.getName())
            .log(System.Logger.Level.DEBUG, spared.getMessage(), spared);
      }
    }
    return deletions;
  }
}
