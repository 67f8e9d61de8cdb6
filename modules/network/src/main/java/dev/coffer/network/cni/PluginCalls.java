package dev.coffer.network.cni;

import dev.coffer.spec.SpecException;
import dev.coffer.spec.json.Json;
import dev.coffer.spec.json.JsonCursor;
import dev.coffer.spec.json.JsonObject;
import dev.coffer.spec.json.JsonValue;
import dev.coffer.spec.json.Limits;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One call to one plugin: what it is told, and what is made of its answer.
 *
 * @param plugins where they are
 * @param programs the value of PATH
 * @param runner runs them
 */
record PluginCalls(PluginPath plugins, String programs, PluginCall.Runner runner) {

  /** How much of an answer that is no JSON is shown. */
  private static final int SHOWN = 200;

  /** What a plugin is told of a network. */
  JsonObject config(NetworkList network, SpecVersion version, PluginConfig plugin) {
    return plugin.json().toBuilder()
        .put("cniVersion", version.word())
        .put("name", network.name())
        .build();
  }

  /** What a plugin is told of a network and a container in it. */
  JsonObject config(Remembered place, PluginConfig plugin, Optional<CniResult> before) {
    JsonObject.Builder json = config(place.network(), place.version(), plugin).toBuilder();
    JsonObject.Builder wanted = JsonObject.builder();
    place
        .attachment()
        .capabilities()
        .members()
        .forEach(
            (name, value) -> {
              if (plugin.capabilities().contains(name)) {
                wanted.put(name, value);
              }
            });
    json.putUnlessEmpty("runtimeConfig", wanted.build());
    before.ifPresent(
        result ->
            json.put(
                "prevResult",
                result.json().with("cniVersion", JsonValue.of(place.version().word()))));
    return json.build();
  }

  /**
   * Calls a plugin.
   *
   * @param what the beginning of an error
   * @param environment beside what all calls have
   * @return what it says
   */
  String run(
      String what, String command, PluginConfig plugin, JsonObject config, List<String> environment)
      throws CniException {
    return run(what, command, plugin, config, environment, Optional.empty());
  }

  /** The same, with a file in which the answer is kept. */
  String run(
      String what,
      String command,
      PluginConfig plugin,
      JsonObject config,
      List<String> environment,
      Optional<Path> answer)
      throws CniException {
    Path program = find(what, plugin);
    List<String> all = new ArrayList<>(environment);
    all.add("CNI_COMMAND=" + command);
    all.add("CNI_PATH=" + plugins);
    all.add("PATH=" + programs);
    PluginCall.Output output;
    try {
      output = runner.run(new PluginCall(program, all, Json.write(config), answer));
    } catch (CniException e) {
      CniException named = failure(what, plugin, e.code(), String.valueOf(e.getMessage()));
      named.initCause(e);
      throw named;
    }
    if (output.code() != 0) {
      throw refused(what, plugin, output);
    }
    return output.output();
  }

  /** The program of a plugin. */
  Path find(String what, PluginConfig plugin) throws CniException {
    return plugins
        .find(plugin.type())
        .orElseThrow(
            () ->
                failure(
                    what,
                    plugin,
                    CniException.NO_CODE,
                    "not found in " + plugins + " (install it)"));
  }

  private static CniException refused(String what, PluginConfig plugin, PluginCall.Output output) {
    try {
      JsonCursor error = JsonCursor.of("", json(output.output()));
      int code = error.field("code").orElse(JsonCursor::int32, CniException.NO_CODE);
      String message = error.field("msg").string();
      String details = error.field("details").stringOrEmpty();
      String text = details.isEmpty() ? message : message + ": " + details;
      return failure(what, plugin, code, text + " (code " + code + ")");
    } catch (SpecException noError) {
      String said = output.errors().isEmpty() ? output.output() : output.errors();
      String shown = said.substring(Math.max(0, said.length() - SHOWN));
      return failure(
          what,
          plugin,
          CniException.NO_CODE,
          "ended with code " + output.code() + (shown.isBlank() ? "" : ": " + shown));
    }
  }

  /** One line, whatever the plugin has said. */
  static CniException failure(String what, PluginConfig plugin, int code, String text) {
    String line = text.strip().replaceAll("[\\p{Cntrl}\\s]+", " ");
    return new CniException(code, "%s: plugin \"%s\": %s".formatted(what, plugin.type(), line));
  }

  static JsonValue json(String answer) {
    return Json.parse(bytes(answer), Limits.CONFIG);
  }

  static byte[] bytes(String answer) {
    return answer.getBytes(StandardCharsets.UTF_8);
  }
}
