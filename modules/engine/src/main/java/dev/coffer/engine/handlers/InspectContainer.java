package dev.coffer.engine.handlers;

import dev.coffer.engine.command.ContainerCommand.Inspect;
import dev.coffer.engine.container.Container;
import dev.coffer.engine.container.ContainerIndex;
import dev.coffer.engine.container.ExecIndex;
import dev.coffer.engine.create.ImageLookup;
import dev.coffer.engine.inspect.ContainerJson;
import dev.coffer.engine.lifecycle.DiskUse;
import dev.coffer.engine.lifecycle.RootFilesystem;
import dev.coffer.engine.model.ContainerInspect;
import dev.coffer.engine.state.ContainerConfig;
import dev.coffer.engine.state.StateStore;
import java.util.Optional;

/** Tells all that is known of a container. */
public final class InspectContainer {

  private final ContainerIndex containers;
  private final ExecIndex execs;
  private final StateStore store;
  private final RootFilesystem roots;
  private final ImageLookup images;
  private final DiskUse sizes;

  /** Inspects these. */
  public InspectContainer(
      ContainerIndex containers,
      ExecIndex execs,
      StateStore store,
      RootFilesystem roots,
      ImageLookup images,
      DiskUse sizes) {
    this.containers = containers;
    this.execs = execs;
    this.store = store;
    this.roots = roots;
    this.images = images;
    this.sizes = sizes;
  }

  /** Carries the command out. */
  public ContainerInspect handle(Inspect command) {
    Container container = containers.find(command.container());
    ContainerConfig config = container.config();
    Optional<Long> own = command.size() ? Optional.of(sizes.ownLayer(config)) : Optional.empty();
    return new ContainerInspect(
        ContainerJson.of(
            config,
            container.state(),
            new ContainerJson.Surroundings(
                store.directory(config.id()),
                roots.description(config),
                container.membership(),
                execs.runningIn(container),
                own,
                own.map(bytes -> bytes + images.sizeBytes(config.imageId())))));
  }
}
