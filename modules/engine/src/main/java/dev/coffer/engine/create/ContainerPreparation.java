package dev.coffer.engine.create;

import static dev.coffer.engine.create.Refusal.invalid;

import dev.coffer.engine.EngineException;
import dev.coffer.engine.EngineException.Kind;
import dev.coffer.engine.container.Container;
import dev.coffer.engine.container.ContainerIndex;
import dev.coffer.engine.model.ContainerRequest;
import dev.coffer.engine.model.MountRequest;
import dev.coffer.engine.model.NetworkRequest;
import dev.coffer.engine.oci.SecurityChoice;
import dev.coffer.engine.state.ContainerConfig;
import dev.coffer.engine.state.MountPoint;
import dev.coffer.image.Image;
import dev.coffer.image.ImageException;
import dev.coffer.image.ImageStore;
import dev.coffer.spec.image.Platform;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** All that is decided about a new container before anything is written. */
public final class ContainerPreparation {

  private static final Path HOST_FILES = Path.of("/etc");

  private final ImageStore images;
  private final ContainerIndex containers;
  private final MountJoin mounts;
  private final int cpus;

  /** Prepares with these. */
  public ContainerPreparation(
      ImageStore images, ContainerIndex containers, MountJoin mounts, int cpus) {
    this.images = images;
    this.containers = containers;
    this.mounts = mounts;
    this.cpus = cpus;
  }

  /** A checked request with its image. */
  public final class Prepared {
    private final ContainerRequest request;
    private final Image image;
    private final List<String> warnings;

    private Prepared(ContainerRequest request, Image image, List<String> warnings) {
      this.request = request;
      this.image = image;
      this.warnings = List.copyOf(warnings);
    }

    /** The config of a container with this id and name, made now. */
    public ContainerConfig config(String id, String name) {
      List<MountPoint> points = mounts.join(request.mounts(), image.config().defaults().volumes());
      return RequestJoin.join(id, name, Instant.now(), request, image, points, hostname(id));
    }

    /**
     * Makes sure that the image did not go before the container was there to keep it.
     *
     * @throws EngineException NOT_FOUND
     */
    public void requireImage() {
      try {
        var _ = images.settled(image.id());
      } catch (ImageException e) {
        throw ImageErrors.of("cannot create container: image \"" + request.image() + "\"", e);
      }
    }

    /** What the user should know. */
    public List<String> warnings() {
      return warnings;
    }

    private String hostname(String id) {
      String mode = request.network().mode();
      if (mode.startsWith("container:")) {
        return containers.find(mode.substring("container:".length())).config().hostname();
      }
      boolean host = mode.equals("host") || request.namespaces().uts().equals("host");
      return request
          .network()
          .hostname()
          .orElseGet(() -> host ? hostFile("hostname").strip() : id.substring(0, 12));
    }
  }

  /**
   * Checks a request and finds its image.
   *
   * @throws EngineException when it cannot be made
   */
  public Prepared prepare(ContainerRequest request) {
    RequestCheck.check(request, cpus);
    // Asked here for its errors alone: a bad option must not wait for the start.
    SecurityChoice security = SecurityChoice.of(request.security());
    DetachKeys.parse(request.process().detachKeys());
    joinable(request.network().mode());
    joinable(request.namespaces().ipc());
    joinable(request.namespaces().pid());
    Image image = image(request);
    for (MountRequest mount : request.mounts()) {
      if (mount instanceof MountRequest.Bind bind) {
        source(bind);
      }
    }
    return new Prepared(request, image, warnings(request, security));
  }

  /** A file of the host's /etc; empty text where there is none. */
  public String hostFile(String name) {
    try {
      return Files.readString(HOST_FILES.resolve(name), StandardCharsets.UTF_8);
    } catch (IOException none) {
      return "";
    }
  }

  private void joinable(String mode) {
    if (mode.startsWith("container:")) {
      Container target = containers.find(mode.substring("container:".length()));
      if (target.live().isEmpty()) {
        throw new EngineException(
            Kind.CONFLICT,
            "cannot create container: container \"%s\", whose namespace is to be joined, is not running (start it)"
                .formatted(target.name()));
      }
    }
  }

  private Image image(ContainerRequest request) {
    try {
      Optional<Platform> platform =
          request.platform().filter(text -> !text.isEmpty()).map(Platform::parse);
      Image image = images.resolve(request.image(), platform);
      Platform built = image.config().platform();
      if (Platform.host().runnable().stream().noneMatch(built::matches)) {
        throw invalid(
            "image \"%s\" is for %s, this host is %s"
                .formatted(request.image(), built, Platform.host()));
      }
      return image;
    } catch (ImageException e) {
      throw ImageErrors.of("cannot create container", e);
    } catch (IllegalArgumentException e) {
      throw invalid(e.getMessage());
    }
  }

  private static void source(MountRequest.Bind bind) {
    Path source = Path.of(bind.source());
    if (Files.exists(source)) {
      return;
    }
    if (!bind.createSource()) {
      throw invalid(
          "mount \"%s\" on \"%s\": no such file or directory (create it, or use --volume NAME:%s)"
              .formatted(bind.source(), bind.target(), bind.target()));
    }
    try {
      Files.createDirectories(source);
    } catch (IOException e) {
      throw new EngineException(
          Kind.FAILED,
          "cannot create container: mount \"%s\" on \"%s\": its source is missing and cannot be made: %s"
              .formatted(bind.source(), bind.target(), e.getMessage()),
          e);
    }
  }

  private static List<String> warnings(ContainerRequest request, SecurityChoice security) {
    List<String> warnings = new ArrayList<>();
    if (security.privileged() && !request.security().capDrop().isEmpty()) {
      warnings.add("--cap-drop has no effect with --privileged");
    }
    NetworkRequest network = request.network();
    boolean publishes = network.publishAll() || !network.publish().isEmpty();
    if (publishes && network.mode().equals(NetworkRequest.HOST)) {
      warnings.add(
          "-p and -P have no effect with --network host: the container's ports are the host's");
    }
    return warnings;
  }
}
