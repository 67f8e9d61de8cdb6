package dev.coffer.engine.inspect;

import dev.coffer.engine.model.LifecycleRequest;
import dev.coffer.engine.model.ProcessRequest;
import dev.coffer.engine.state.ContainerConfig;
import dev.coffer.engine.state.JoinedProcess;
import dev.coffer.spec.image.Healthcheck;
import dev.coffer.spec.json.JsonNull;
import dev.coffer.spec.json.JsonObject;
import dev.coffer.spec.json.JsonValue;
import java.util.List;

/** The {@code Config} object of an inspected container: what is portable of it. */
final class ConfigJson {

  private ConfigJson() {}

  static JsonObject of(ContainerConfig config) {
    ProcessRequest request = config.request().process();
    JoinedProcess process = config.process();
    JsonObject.Builder json =
        JsonObject.builder()
            .put("Hostname", config.hostname())
            .put("Domainname", config.request().network().domainname().orElse(""))
            .put("User", process.user())
            .put("AttachStdin", request.attachStdin())
            .put("AttachStdout", request.attachStdout())
            .put("AttachStderr", request.attachStderr());
    if (!config.exposedPorts().isEmpty()) {
      json.put("ExposedPorts", set(config.exposedPorts()));
    }
    json.put("Tty", request.terminal())
        .put("OpenStdin", request.openStdin())
        .put("StdinOnce", request.stdinOnce())
        .putStrings("Env", process.environment())
        .put("Cmd", stringsOrNull(process.command()))
        .put("Image", config.imageReference())
        .put("Volumes", config.volumes().isEmpty() ? JsonNull.NULL : set(config.volumes()))
        .put("WorkingDir", process.workingDirectory())
        .put("Entrypoint", stringsOrNull(process.entrypoint()))
        .putNull("OnBuild")
        .putStrings("Labels", config.labels())
        .put("StopSignal", config.stopSignal());
    LifecycleRequest lifecycle = config.request().lifecycle();
    lifecycle.stopTimeoutSeconds().ifPresent(seconds -> json.put("StopTimeout", seconds));
    config.healthcheck().ifPresent(check -> json.put("Healthcheck", healthcheck(check)));
    return json.build();
  }

  /** Docker writes sets as objects of empty objects. */
  static JsonObject set(Iterable<String> names) {
    JsonObject.Builder json = JsonObject.builder();
    names.forEach(name -> json.put(name, JsonObject.EMPTY));
    return json.build();
  }

  static JsonValue stringsOrNull(List<String> strings) {
    return strings.isEmpty() ? JsonNull.NULL : JsonValue.ofStrings(strings);
  }

  /** Durations are nanoseconds, as in the image's own config. */
  static JsonObject healthcheck(Healthcheck check) {
    return JsonObject.builder()
        .putStrings("Test", check.test())
        .putUnlessEmpty("Interval", JsonValue.of(check.interval().toNanos()))
        .putUnlessEmpty("Timeout", JsonValue.of(check.timeout().toNanos()))
        .putUnlessEmpty("StartPeriod", JsonValue.of(check.startPeriod().toNanos()))
        .putUnlessEmpty("StartInterval", JsonValue.of(check.startInterval().toNanos()))
        .putUnlessEmpty("Retries", JsonValue.of(check.retries()))
        .build();
  }
}
