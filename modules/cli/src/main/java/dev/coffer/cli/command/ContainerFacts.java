package dev.coffer.cli.command;

import dev.coffer.engine.Engine;
import dev.coffer.engine.command.ContainerCommand.Inspect;
import dev.coffer.spec.json.JsonBoolean;
import dev.coffer.spec.json.JsonObject;
import dev.coffer.spec.json.JsonString;

/**
 * What a client must know of a container before it attaches.
 *
 * @param id full id
 * @param terminal whether it has a pseudo-terminal
 * @param openStdin whether its input stays open
 * @param running whether it runs, paused or not
 * @param paused whether it is paused
 */
record ContainerFacts(
    String id, boolean terminal, boolean openStdin, boolean running, boolean paused) {

  static ContainerFacts of(Engine engine, String container) {
    JsonObject json = engine.execute(new Inspect(container, false)).json();
    JsonObject config = object(json, "Config");
    JsonObject state = object(json, "State");
    String id = json.get("Id").orElse(null) instanceof JsonString text ? text.value() : container;
    return new ContainerFacts(
        id,
        truth(config, "Tty"),
        truth(config, "OpenStdin"),
        truth(state, "Running"),
        truth(state, "Paused"));
  }

  private static JsonObject object(JsonObject json, String name) {
    return json.get(name).orElse(null) instanceof JsonObject object ? object : JsonObject.EMPTY;
  }

  private static boolean truth(JsonObject json, String name) {
    return json.get(name).orElse(null) instanceof JsonBoolean bool && bool.value();
  }
}
