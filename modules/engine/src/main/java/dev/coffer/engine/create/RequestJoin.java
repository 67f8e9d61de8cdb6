package dev.coffer.engine.create;

import static dev.coffer.engine.create.Refusal.invalid;

import dev.coffer.engine.model.ContainerRequest;
import dev.coffer.engine.model.ProcessRequest;
import dev.coffer.engine.model.PublishedPort;
import dev.coffer.engine.oci.Environment;
import dev.coffer.engine.state.ContainerConfig;
import dev.coffer.engine.state.JoinedProcess;
import dev.coffer.engine.state.MountPoint;
import dev.coffer.image.Image;
import dev.coffer.spec.image.ContainerDefaults;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Joins what the user asked for with what the image says of itself, by Docker's rules. */
public final class RequestJoin {

  private static final String DEFAULT_STOP_SIGNAL = "SIGTERM";

  private RequestJoin() {}

  /**
   * The container's config.
   *
   * @param mounts as {@link MountJoin} decided
   * @param hostname as inside
   * @throws dev.coffer.engine.EngineException INVALID when there is nothing to run
   */
  public static ContainerConfig join(
      String id,
      String name,
      Instant created,
      ContainerRequest request,
      Image image,
      List<MountPoint> mounts,
      String hostname) {
    ContainerDefaults defaults = image.config().defaults();
    return new ContainerConfig(
        ContainerConfig.VERSION,
        id,
        name,
        created,
        image.id().toString(),
        request.image(),
        request,
        process(request.process(), defaults),
        hostname,
        labels(request, defaults),
        ports(request, defaults),
        List.copyOf(defaults.volumes()),
        defaults.healthcheck(),
        request.lifecycle().stopSignal().or(defaults::stopSignal).orElse(DEFAULT_STOP_SIGNAL),
        mounts,
        Optional.empty());
  }

  private static JoinedProcess process(ProcessRequest request, ContainerDefaults defaults) {
    List<String> entrypoint = request.entrypoint().orElse(defaults.entrypoint());
    // The image's arguments belong to the image's entrypoint, not to another.
    boolean keepsCommand = request.command().isEmpty() && request.entrypoint().isEmpty();
    List<String> command = keepsCommand ? defaults.command() : request.command();
    if (entrypoint.isEmpty() && command.isEmpty()) {
      throw invalid("the image names no command (give one after the image)");
    }
    String workingDirectory = request.workingDirectory().orElse(defaults.workingDirectory());
    if (!workingDirectory.isEmpty() && !workingDirectory.startsWith("/")) {
      throw invalid("working directory \"" + workingDirectory + "\" is not absolute");
    }
    return new JoinedProcess(
        entrypoint,
        command,
        Environment.join(defaults.environment(), request.environment()),
        request.user().orElse(defaults.user()),
        Paths.normalize(workingDirectory));
  }

  private static Map<String, String> labels(ContainerRequest request, ContainerDefaults defaults) {
    Map<String, String> labels = new LinkedHashMap<>(defaults.labels());
    labels.putAll(request.labels());
    return labels;
  }

  private static List<String> ports(ContainerRequest request, ContainerDefaults defaults) {
    SequencedSet<String> ports = new TreeSet<>();
    Stream.of(defaults.exposedPorts(), request.network().expose(), request.network().publish())
        .flatMap(Collection::stream)
        .flatMap(port -> PublishedPort.parse(port).stream())
        .forEach(port -> ports.add(port.exposed()));
    return List.copyOf(ports);
  }
}
