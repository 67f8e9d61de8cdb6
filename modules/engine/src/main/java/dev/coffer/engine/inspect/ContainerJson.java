package dev.coffer.engine.inspect;

import dev.coffer.engine.logs.LogFormat;
import dev.coffer.engine.state.ContainerConfig;
import dev.coffer.engine.state.ContainerDirectory;
import dev.coffer.engine.state.ContainerState;
import dev.coffer.engine.state.Membership;
import dev.coffer.engine.state.MountPoint;
import dev.coffer.engine.state.Status;
import dev.coffer.spec.json.JsonArray;
import dev.coffer.spec.json.JsonNull;
import dev.coffer.spec.json.JsonObject;
import dev.coffer.spec.json.JsonValue;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A container as {@code docker inspect} shows it.
 *
 * <p>Source: Docker Engine API 1.47, {@code GET /containers/{id}/json}.
 */
public final class ContainerJson {

  /** What Go's zero time prints as: never. */
  private static final String NEVER = "0001-01-01T00:00:00Z";

  private ContainerJson() {}

  /**
   * What does not stand in config or state.
   *
   * @param root where its root file system is kept
   * @param membership the networks that it is in
   * @param execs ids of the processes added to it
   * @param sizeRw bytes of its own layer, when asked for
   * @param sizeRoot bytes of the image and its own layer, when asked for
   */
  public record Surroundings(
      ContainerDirectory directory,
      Map<String, String> root,
      Membership membership,
      List<String> execs,
      Optional<Long> sizeRw,
      Optional<Long> sizeRoot) {}

  /** The object. */
  public static JsonObject of(
      ContainerConfig config, ContainerState state, Surroundings surroundings) {
    List<String> arguments = config.process().arguments();
    ContainerDirectory directory = surroundings.directory();
    JsonObject.Builder json =
        JsonObject.builder()
            .put("Id", config.id())
            .put("Created", config.created().toString())
            .put("Path", arguments.isEmpty() ? "" : arguments.getFirst())
            .putStrings("Args", arguments.stream().skip(1).toList())
            .put("State", state(state))
            .put("Image", config.imageId())
            .put("ResolvConfPath", directory.resolvConf().toString())
            .put("HostnamePath", directory.hostname().toString())
            .put("HostsPath", directory.hosts().toString())
            .put("LogPath", logPath(config, directory))
            .put("Name", "/" + config.name())
            .put("RestartCount", state.restartCount())
            .put("Driver", config.snapshotKind().word())
            .put("Platform", "linux")
            .put("MountLabel", "")
            .put("ProcessLabel", "")
            .put("AppArmorProfile", "")
            .put(
                "ExecIDs",
                surroundings.execs().isEmpty()
                    ? JsonNull.NULL
                    : JsonValue.ofStrings(surroundings.execs()))
            .put("HostConfig", HostConfigJson.of(config))
            .put("GraphDriver", graphDriver(config, surroundings));
    surroundings.sizeRw().ifPresent(size -> json.put("SizeRw", size));
    surroundings.sizeRoot().ifPresent(size -> json.put("SizeRootFs", size));
    return json.put("Mounts", JsonArray.of(config.mounts(), ContainerJson::mount))
        .put("Config", ConfigJson.of(config))
        .put("NetworkSettings", networkSettings(config, state, surroundings.membership()))
        .build();
  }

  private static String logPath(ContainerConfig config, ContainerDirectory directory) {
    return LogFormat.ofDriver(config.request().logging().driver())
        .map(format -> directory.path().resolve(format.fileName(config.id())).toString())
        .orElse("");
  }

  private static JsonObject state(ContainerState state) {
    Status status = state.status();
    return JsonObject.builder()
        .put("Status", status.word())
        .put("Running", status.isUp())
        .put("Paused", status == Status.PAUSED)
        .put("Restarting", status == Status.RESTARTING)
        .put("OOMKilled", state.oomKilled())
        .put("Dead", status == Status.DEAD)
        .put("Pid", state.pid())
        .put("ExitCode", state.exitCode())
        .put("Error", state.error())
        .put("StartedAt", time(state.startedAt()))
        .put("FinishedAt", time(state.finishedAt()))
        .build();
  }

  private static JsonObject networkSettings(
      ContainerConfig config, ContainerState state, Membership membership) {
    boolean running = state.status().isAlive();
    return NetworkSettingsJson.of(
        config, membership, running, running ? Optional.of(state.pid()) : Optional.empty());
  }

  private static String time(Optional<Instant> time) {
    return time.map(Instant::toString).orElse(NEVER);
  }

  private static JsonObject graphDriver(ContainerConfig config, Surroundings surroundings) {
    JsonObject.Builder data = JsonObject.builder();
    surroundings.root().forEach(data::put);
    return JsonObject.builder()
        .put("Data", data.build())
        .put("Name", config.snapshotKind().word())
        .build();
  }

  private static JsonObject mount(MountPoint mount) {
    JsonObject.Builder json = JsonObject.builder();
    switch (mount.kind()) {
      case BIND -> json.put("Type", "bind");
      case VOLUME -> json.put("Type", "volume").put("Name", mount.name());
      case TMPFS -> json.put("Type", "tmpfs");
    }
    json.put("Source", mount.source()).put("Destination", mount.target());
    if (mount.kind() == MountPoint.Kind.VOLUME) {
      json.put("Driver", "local");
    }
    return json.put("Mode", mount.readOnly() ? "ro" : "")
        .put("RW", !mount.readOnly())
        .put("Propagation", mount.kind() == MountPoint.Kind.BIND ? mount.propagation() : "")
        .build();
  }
}
