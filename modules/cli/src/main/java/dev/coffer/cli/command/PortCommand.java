package dev.coffer.cli.command;

import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.option.CommandModel;
import dev.coffer.cli.request.EngineRequest;
import dev.coffer.engine.Engine;
import dev.coffer.engine.EngineException;
import dev.coffer.engine.command.ContainerCommand.Inspect;
import dev.coffer.spec.json.JsonArray;
import dev.coffer.spec.json.JsonObject;
import dev.coffer.spec.json.JsonString;
import java.util.ArrayList;
import java.util.List;

/** {@code coffer port}. */
final class PortCommand implements CliCommand {

  private static final CommandModel MODEL =
      CommandModel.of(
              "port",
              "CONTAINER [PRIVATE_PORT[/PROTO]]",
              "List port mappings or a specific mapping for the container",
              1,
              2)
          .withAliases("coffer container port", "coffer port");

  @Override
  public CommandModel model() {
    return MODEL;
  }

  @Override
  public int run(EngineRequest request, Arguments arguments, Engine engine) {
    String name = arguments.first();
    JsonObject inspected = engine.execute(new Inspect(name, false)).json();
    JsonObject ports = object(object(inspected, "NetworkSettings"), "Ports");
    List<String> words = arguments.positionals();
    if (words.size() < 2) {
      ports
          .members()
          .keySet()
          .forEach(port -> hostPorts(ports, port).forEach(at -> request.line(port + " -> " + at)));
      return 0;
    }
    String wanted = words.getLast().contains("/") ? words.getLast() : words.getLast() + "/tcp";
    List<String> found = hostPorts(ports, wanted);
    if (found.isEmpty()) {
      throw new EngineException(
          EngineException.Kind.NOT_FOUND,
          "port %s of container \"%s\" is not published".formatted(wanted, name));
    }
    found.forEach(request::line);
    return 0;
  }

  private static List<String> hostPorts(JsonObject ports, String port) {
    List<String> found = new ArrayList<>();
    if (ports.get(port).orElse(null) instanceof JsonArray all) {
      for (var each : all.elements()) {
        if (each instanceof JsonObject at) {
          String address = text(at, "HostIp");
          String host = address.contains(":") ? "[" + address + "]" : address;
          found.add(host + ":" + text(at, "HostPort"));
        }
      }
    }
    return found;
  }

  private static JsonObject object(JsonObject json, String name) {
    return json.get(name).orElse(null) instanceof JsonObject object ? object : JsonObject.EMPTY;
  }

  private static String text(JsonObject json, String name) {
    return json.get(name).orElse(null) instanceof JsonString text ? text.value() : "";
  }
}
