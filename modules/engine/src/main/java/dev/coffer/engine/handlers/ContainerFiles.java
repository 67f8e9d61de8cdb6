package dev.coffer.engine.handlers;

import dev.coffer.engine.EngineException;
import dev.coffer.engine.EngineException.Kind;
import dev.coffer.engine.command.ContainerCommand.Commit;
import dev.coffer.engine.command.ContainerCommand.Diff;
import dev.coffer.engine.command.ContainerCommand.Export;
import dev.coffer.engine.container.Container;
import dev.coffer.engine.container.ContainerIndex;
import dev.coffer.engine.lifecycle.RootFilesystem;
import dev.coffer.engine.model.CommitRequest;
import dev.coffer.engine.state.ContainerConfig;
import dev.coffer.engine.state.StateStore;
import dev.coffer.image.CommitOptions;
import dev.coffer.image.Image;
import dev.coffer.image.ImageStore;
import dev.coffer.image.tree.ContainerTree;
import dev.coffer.spec.image.ContainerDefaults;
import dev.coffer.spec.image.Reference;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** The commands that read a container's files, running or not. */
public final class ContainerFiles {

  private final ContainerIndex containers;
  private final StateStore store;
  private final RootFilesystem roots;
  private final ImageStore images;
  private final PauseContainer pausing;

  /** Reads with these. */
  public ContainerFiles(
      ContainerIndex containers,
      StateStore store,
      RootFilesystem roots,
      ImageStore images,
      PauseContainer pausing) {
    this.containers = containers;
    this.store = store;
    this.roots = roots;
    this.images = images;
    this.pausing = pausing;
  }

  /** Carries the command out. */
  public List<ContainerTree.Change> handle(Diff command) {
    Container container = containers.find(command.container());
    String what = what("compare", container);
    return Attempt.at(what, () -> reading(what, container, tree(container)::changes));
  }

  /** Carries the command out. */
  public Void handle(Export command) {
    Container container = containers.find(command.container());
    String what = what("export", container);
    return Attempt.at(
        what,
        () ->
            reading(
                what,
                container,
                () -> {
                  tree(container).export(command.archive(), command.latest());
                  return null;
                }));
  }

  /** Carries the command out. */
  public String handle(Commit command) {
    Container container = containers.find(command.container());
    String what = what("commit", container);
    CommitRequest request = command.request();
    return Attempt.at(
        what,
        () -> {
          Image base = images.resolve(container.config().imageId(), Optional.empty());
          CommitOptions options = options(container.config(), base, request);
          return images
              .commit(
                  base,
                  out ->
                      paused(
                          request.pause(),
                          container,
                          () ->
                              reading(
                                  what,
                                  container,
                                  () -> tree(container).writeLayer(out, request.timestamp()))),
                  options)
              .id()
              .toString();
        });
  }

  private static String what(String verb, Container container) {
    return "cannot %s container \"%s\"".formatted(verb, container.name());
  }

  private ContainerTree tree(Container container) throws IOException {
    return roots.tree(container.config());
  }

  /** A removal takes the whole directory away first: while that is there, all was there. */
  private <T> T reading(String what, Container container, Attempt<T> attempt) throws IOException {
    T result = attempt.run();
    if (!Files.isDirectory(store.directory(container.id()).path())) {
      throw new EngineException(Kind.CONFLICT, what + ": it was removed meanwhile");
    }
    return result;
  }

  private <T> T paused(boolean wanted, Container container, Attempt<T> attempt) throws IOException {
    if (!wanted || !pausing.hold(container)) {
      return attempt.run();
    }
    try {
      return attempt.run();
    } finally {
      pausing.letGo(container);
    }
  }

  private static CommitOptions options(ContainerConfig config, Image base, CommitRequest request) {
    ContainerDefaults image = base.config().defaults();
    ContainerDefaults defaults =
        new ContainerDefaults(
            config.process().user(),
            new TreeSet<>(config.exposedPorts()),
            config.process().environment(),
            config.process().entrypoint(),
            config.process().command(),
            new TreeSet<>(config.volumes()),
            config.process().workingDirectory(),
            config.labels(),
            config.request().lifecycle().stopSignal().or(image::stopSignal),
            config.healthcheck(),
            image.shell(),
            image.onBuild(),
            image.unknown());
    return new CommitOptions(
        request.reference().map(text -> Reference.parse(text).orLatest()),
        defaults,
        request.changes(),
        request.author(),
        request.message(),
        String.join(" ", config.process().command()),
        request.timestamp());
  }
}
