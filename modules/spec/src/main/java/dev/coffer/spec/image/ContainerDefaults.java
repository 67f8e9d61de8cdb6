package dev.coffer.spec.image;

import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.JsonObject;
import dev.coffer.spec.json.JsonValue;
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
 * @param unknown other members, such as {@code ArgsEscaped}
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
    List<String> onBuild,
    JsonObject unknown) {
  private static final Set<String> KNOWN =
      Set.of(
          "User",
          "ExposedPorts",
          "Env",
          "Entrypoint",
          "Cmd",
          "Volumes",
          "WorkingDir",
          "Labels",
          "StopSignal",
          "Healthcheck",
          "Shell",
          "OnBuild");

  /** An image that asks for nothing. */
  public static final ContainerDefaults NONE = read(JsonCursor.of("", JsonObject.EMPTY));

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

  /** Reads the object; a missing one asks for nothing. */
  public static ContainerDefaults read(JsonCursor at) {
    return new ContainerDefaults(
        at.field("User").stringOrEmpty(),
        at.field("ExposedPorts").map(JsonCursor::path).keySet(),
        at.field("Env").list(JsonCursor::string),
        at.field("Entrypoint").list(JsonCursor::string),
        at.field("Cmd").list(JsonCursor::string),
        at.field("Volumes").map(JsonCursor::path).keySet(),
        at.field("WorkingDir").stringOrEmpty(),
        at.field("Labels").map(JsonCursor::stringOrEmpty),
        Optional.of(at.field("StopSignal").stringOrEmpty()).filter(s -> !s.isEmpty()),
        at.field("Healthcheck").optional(Healthcheck::read),
        at.field("Shell").list(JsonCursor::string),
        at.field("OnBuild").list(JsonCursor::string),
        at.without(KNOWN));
  }

  /** This object as JSON. */
  public JsonObject write() {
    return JsonObject.builder()
        .putUnlessEmpty("User", JsonValue.of(user))
        .putUnlessEmpty("ExposedPorts", emptyObjects(exposedPorts))
        .putUnlessEmpty("Env", JsonValue.ofStrings(environment))
        .putUnlessEmpty("Entrypoint", JsonValue.ofStrings(entrypoint))
        .putUnlessEmpty("Cmd", JsonValue.ofStrings(command))
        .putUnlessEmpty("Volumes", emptyObjects(volumes))
        .putUnlessEmpty("WorkingDir", JsonValue.of(workingDirectory))
        .putUnlessEmpty("Labels", JsonValue.ofStrings(labels))
        .putIfPresent("StopSignal", stopSignal)
        .putIfPresent("Healthcheck", healthcheck, Healthcheck::write)
        .putUnlessEmpty("Shell", JsonValue.ofStrings(shell))
        .putUnlessEmpty("OnBuild", JsonValue.ofStrings(onBuild))
        .putAll(unknown)
        .build();
  }

  /** Go's {@code map[string]struct{}}. */
  private static JsonObject emptyObjects(Set<String> names) {
    JsonObject.Builder builder = JsonObject.builder();
    names.forEach(name -> builder.put(name, JsonObject.EMPTY));
    return builder.build();
  }
}
