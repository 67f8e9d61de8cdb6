package dev.coffer.spec.image;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How an image wants to be run unless its user says otherwise: the {@code config} object of an
 * image config. Lists and strings are empty where the image says nothing.
 *
 * <p>Source: OCI image-spec config.md, "config"; Docker adds Healthcheck, Shell and OnBuild.
 *
 * @param user user and group, by name or number, as {@code user[:group]}
 * @param exposedPorts ports as {@code port[/protocol]}
 * @param environment variables as {@code NAME=value}
 * @param entrypoint the program and its first arguments
 * @param command arguments to the entrypoint, or the program when there is none
 * @param volumes paths that hold data that outlives the container
 * @param workingDirectory where the program starts
 * @param labels metadata for users
 * @param stopSignal the signal that asks the program to end, by name or number
 * @param healthcheck how to find out whether the program still works
 * @param shell what runs commands given in shell form
 * @param onBuild build instructions that run in an image built on this one
 */
public record ContainerDefaults(
    String user,
    Set<String> exposedPorts,
    List<String> environment,
    List<String> entrypoint,
    List<String> command,
    Set<String> volumes,
    String workingDirectory,
    Map<String, String> labels,
    Optional<String> stopSignal,
    Optional<Healthcheck> healthcheck,
    List<String> shell,
    List<String> onBuild) {

  /** An image that asks for nothing. */
  public static final ContainerDefaults NONE =
      new ContainerDefaults(
          "",
          Set.of(),
          List.of(),
          List.of(),
          List.of(),
          Set.of(),
          "",
          Map.of(),
          Optional.empty(),
          Optional.empty(),
          List.of(),
          List.of());

  public ContainerDefaults {
    exposedPorts = Ordered.set(exposedPorts);
    environment = List.copyOf(environment);
    entrypoint = List.copyOf(entrypoint);
    command = List.copyOf(command);
    volumes = Ordered.set(volumes);
    labels = Ordered.map(labels);
    shell = List.copyOf(shell);
    onBuild = List.copyOf(onBuild);
  }
}
