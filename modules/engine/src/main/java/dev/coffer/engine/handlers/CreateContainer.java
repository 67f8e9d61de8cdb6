package dev.coffer.engine.handlers;

import dev.coffer.engine.EngineException;
import dev.coffer.engine.EngineException.Kind;
import dev.coffer.engine.command.ContainerCommand.Create;
import dev.coffer.engine.command.ContainerCommand.Created;
import dev.coffer.engine.container.Container;
import dev.coffer.engine.container.ContainerIndex;
import dev.coffer.engine.container.Ids;
import dev.coffer.engine.container.NameMaker;
import dev.coffer.engine.container.Volumes;
import dev.coffer.engine.create.ContainerPreparation;
import dev.coffer.engine.create.NetworkChoice;
import dev.coffer.engine.lifecycle.RootFilesystem;
import dev.coffer.engine.lifecycle.Trash;
import dev.coffer.engine.model.ContainerRequest;
import dev.coffer.engine.model.NetworkRequest;
import dev.coffer.engine.oci.NetworkFiles;
import dev.coffer.engine.state.ContainerConfig;
import dev.coffer.engine.state.ContainerDirectory;
import dev.coffer.engine.state.ContainerState;
import dev.coffer.engine.state.Membership;
import dev.coffer.engine.state.MountPoint;
import dev.coffer.engine.state.StateStore;
import dev.coffer.plan.HostFacts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes a container. Its name is reserved first and its {@code container.json} written last: what a
 * crash leaves in between is undone at the next start of the engine.
 */
public final class CreateContainer {

  private final ContainerPreparation preparation;
  private final NetworkChoice networks;
  private final ContainerIndex containers;
  private final StateStore store;
  private final Trash trash;
  private final RootFilesystem roots;
  private final Volumes volumes;
  private final Ids ids;
  private final NameMaker names;
  private final HostFacts facts;

  /** Creates with these. */
  public CreateContainer(
      ContainerPreparation preparation,
      NetworkChoice networks,
      ContainerIndex containers,
      StateStore store,
      Trash trash,
      RootFilesystem roots,
      Volumes volumes,
      Ids ids,
      NameMaker names,
      HostFacts facts) {
    this.preparation = preparation;
    this.networks = networks;
    this.containers = containers;
    this.store = store;
    this.trash = trash;
    this.roots = roots;
    this.volumes = volumes;
    this.ids = ids;
    this.names = names;
    this.facts = facts;
  }

  /** Carries the command out. */
  public Created handle(Create command) {
    if (!facts.mayMount()) {
      throw new EngineException(
          Kind.NOT_SUPPORTED,
          "cannot create container: not supported yet: containers without root (run coffer as root)");
    }
    NetworkChoice.Decided decided = networks.decide(command.request());
    ContainerRequest request = decided.request();
    ContainerPreparation.Prepared prepared = preparation.prepare(request);
    String id = ids.next();
    String name = takeName(request, id);
    try {
      ContainerConfig config = prepared.config(id, name).keptBy(roots.forNew());
      Container container = new Container(config, ContainerState.CREATED, Membership.asked(config));
      write(container.config());
      if (command.startsNext() && container.config().isEphemeral()) {
        // Until its start it does not count as made: if the engine dies before, it never was.
        container.setUnsaved(true);
      } else {
        store.saveConfig(container.config());
      }
      containers.add(container);
      prepared.requireImage();
      return new Created(id, name, warnings(prepared, decided));
    } catch (IOException e) {
      undo(id, name, e);
      throw new EngineException(
          Kind.FAILED, "cannot create container \"" + name + "\": " + e.getMessage(), e);
    } catch (RuntimeException e) {
      undo(id, name, e);
      throw e;
    }
  }

  private static List<String> warnings(
      ContainerPreparation.Prepared prepared, NetworkChoice.Decided decided) {
    List<String> warnings = new ArrayList<>(prepared.warnings());
    decided.warning().ifPresent(warnings::add);
    return warnings;
  }

  private String takeName(ContainerRequest request, String id) {
    if (request.name().isEmpty()) {
      return names.take(candidate -> containers.take(candidate, id));
    }
    String name = request.name().get();
    if (!containers.take(name, id)) {
      throw new EngineException(
          Kind.CONFLICT,
          "cannot create container: the name \"%s\" is in use by container %s (remove or rename it)"
              .formatted(name, containers.holder(name).orElse("?").substring(0, 12)));
    }
    return name;
  }

  private void write(ContainerConfig config) throws IOException {
    if (!store.reserve(config.name(), config.id())) {
      throw new IOException("its name is reserved by a container that cannot be read");
    }
    ContainerDirectory directory = store.prepare(config.id());
    roots.prepare(config);
    for (MountPoint mount : config.mounts()) {
      if (mount.kind() == MountPoint.Kind.VOLUME) {
        volumes.ensure(mount.name());
      }
    }
    write(directory.hostname(), config.hostname() + "\n");
    NetworkRequest network = config.request().network();
    if (network.isConnected()) {
      // What else it finds in its /etc depends on what it is given at each start.
      return;
    }
    write(directory.hosts(), NetworkFiles.hosts(network, preparation.hostFile("hosts")));
    write(
        directory.resolvConf(),
        NetworkFiles.resolvConf(network, preparation.hostFile("resolv.conf")));
  }

  private static void write(Path file, String text) throws IOException {
    Files.writeString(file, text, StandardCharsets.UTF_8);
  }

  private void undo(String id, String name, Exception cause) {
    try {
      store.discard(id);
      trash.emptySoon();
      store.release(name);
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
    containers.drop(id, name);
  }
}
