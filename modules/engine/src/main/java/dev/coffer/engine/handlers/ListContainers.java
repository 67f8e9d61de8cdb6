package dev.coffer.engine.handlers;

import dev.coffer.engine.command.ContainerCommand;
import dev.coffer.engine.container.Container;
import dev.coffer.engine.container.ContainerFilters;
import dev.coffer.engine.container.ContainerIndex;
import dev.coffer.engine.container.StatusWords;
import dev.coffer.engine.create.ImageLookup;
import dev.coffer.engine.lifecycle.DiskUse;
import dev.coffer.engine.model.ContainerSummary;
import dev.coffer.engine.model.NetworkRequest;
import dev.coffer.engine.network.PortTable;
import dev.coffer.engine.state.ContainerConfig;
import dev.coffer.engine.state.ContainerState;
import dev.coffer.engine.state.MountPoint;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Lists containers from memory; the disk is only asked when sizes are wanted. */
public final class ListContainers {

  private final ContainerIndex containers;
  private final ImageLookup images;
  private final DiskUse sizes;

  /** Lists these. */
  public ListContainers(ContainerIndex containers, ImageLookup images, DiskUse sizes) {
    this.containers = containers;
    this.images = images;
    this.sizes = sizes;
  }

  /** Carries the command out. */
  public List<ContainerSummary> handle(ContainerCommand.ListContainers command) {
    ContainerFilters filters = ContainerFilters.of(command.filters(), containers::find, images::id);
    boolean all = command.all() || command.limit() > 0 || filters.namesStatus();
    Instant now = Instant.now();
    Stream<Container> listed =
        containers.all().stream()
            .filter(container -> all || container.state().status().isUp())
            .filter(filters::matches)
            .sorted(Comparator.comparing((Container c) -> c.config().created()).reversed());
    return (command.limit() > 0 ? listed.limit(command.limit()) : listed)
        .map(container -> summary(container, now, command.size()))
        .toList();
  }

  private ContainerSummary summary(Container container, Instant now, boolean size) {
    ContainerConfig config = container.config();
    ContainerState state = container.state();
    Optional<Long> own = size ? Optional.of(sizes.ownLayer(config)) : Optional.empty();
    return new ContainerSummary(
        config.id(),
        List.of(config.name()),
        config.imageReference(),
        config.imageId(),
        command(config),
        config.created(),
        state.status().word(),
        StatusWords.of(state, now),
        ports(container),
        config.labels(),
        config.mounts().stream().map(ListContainers::mountName).toList(),
        networks(container),
        own,
        own.map(bytes -> bytes + images.sizeBytes(config.imageId())));
  }

  /** Arguments with spaces are quoted, as Docker shows them. */
  private static String command(ContainerConfig config) {
    return config.process().arguments().stream()
        .map(argument -> argument.contains(" ") ? "'" + argument + "'" : argument)
        .collect(Collectors.joining(" "));
  }

  private static List<String> ports(Container container) {
    ContainerConfig config = container.config();
    boolean host = config.request().network().mode().equals(NetworkRequest.HOST);
    return container.state().status().isAlive() && !host
        ? PortTable.lines(config, container.membership())
        : List.of();
  }

  private static String mountName(MountPoint mount) {
    return mount.name().isEmpty() ? mount.source() : mount.name();
  }

  private static List<String> networks(Container container) {
    NetworkRequest request = container.config().request().network();
    if (request.joinsContainer()) {
      return List.of();
    }
    return request.isConnected()
        ? container.membership().attachments().stream()
            .map(each -> each.wanted().network())
            .sorted()
            .toList()
        : List.of(request.shownMode());
  }
}
