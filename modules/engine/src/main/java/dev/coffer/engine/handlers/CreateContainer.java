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
import dev.coffer.engine.lifecycle.RootFilesystem;
import dev.coffer.engine.model.ContainerRequest;
import dev.coffer.engine.oci.NetworkFiles;
import dev.coffer.engine.state.ContainerConfig;
import dev.coffer.engine.state.ContainerDirectory;
import dev.coffer.engine.state.ContainerState;
import dev.coffer.engine.state.MountPoint;
import dev.coffer.engine.state.StateStore;
import dev.coffer.plan.HostFacts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Makes a container. Its name is reserved first and its {@code container.json} written last: what a
 * crash leaves in between is undone at the next start of the engine.
 */
public final class CreateContainer {

  private final ContainerPreparation preparation;
  private final ContainerIndex containers;
  private final StateStore store;
  private final RootFilesystem roots;
  private final Volumes volumes;
  private final Ids ids;
  private final NameMaker names;
  private final HostFacts facts;

  /** Creates with these. */
  public CreateContainer(
      ContainerPreparation preparation,
      ContainerIndex containers,
      StateStore store,
      RootFilesystem roots,
      Volumes volumes,
      Ids ids,
      NameMaker names,
      HostFacts facts) {
    this.preparation = preparation;
    this.containers = containers;
    this.store = store;
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
    ContainerRequest request = command.request();
    ContainerPreparation.Prepared prepared = preparation.prepare(request);
    String id = ids.next();
    String name = takeName(request, id);
    try {
      ContainerConfig config = prepared.config(id, name).keptBy(roots.forNew());
      Container container = new Container(config, ContainerState.CREATED);
      write(container.config());
      if (command.startsNext() && container.config().isEphemeral()) {
        // Until its start it does not count as made: if the engine dies before, it never was.
        container.setUnsaved(true);
      } else {
        store.saveConfig(container.config());
      }
      containers.add(container);
      return new Created(id, name, prepared.warnings());
    } catch (IOException e) {
      undo(id, name, e);
      throw new EngineException(
          Kind.FAILED, "cannot create container \"" + name + "\": " + e.getMessage(), e);
    } catch (RuntimeException e) {
      undo(id, name, e);
      throw e;
    }
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
    var network = config.request().network();
    write(directory.hosts(), NetworkFiles.hosts(network, preparation.hostFile("hosts")));
    write(directory.hostname(), config.hostname() + "\n");
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
      store.release(name);
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
    containers.release(name, id);
  }
}
