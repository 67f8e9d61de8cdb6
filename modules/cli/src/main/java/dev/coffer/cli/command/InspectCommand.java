package dev.coffer.cli.command;

import dev.coffer.cli.format.FailureText;
import dev.coffer.cli.format.Objects;
import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.option.CommandModel;
import dev.coffer.cli.option.Option;
import dev.coffer.cli.option.Type;
import dev.coffer.cli.request.EngineRequest;
import dev.coffer.cli.template.Values;
import dev.coffer.engine.Engine;
import dev.coffer.engine.EngineException;
import dev.coffer.engine.command.ContainerCommand.Inspect;
import dev.coffer.engine.command.ImageCommand.InspectImage;
import dev.coffer.engine.command.NetworkCommand.InspectNetwork;
import dev.coffer.spec.json.Json;
import dev.coffer.spec.json.JsonArray;
import dev.coffer.spec.json.JsonObject;
import dev.coffer.spec.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code coffer inspect}, and the same for containers, images and networks alone. */
final class InspectCommand implements CliCommand {

  /** What may be inspected; {@code ANY} tries containers first, as Docker does. */
  enum Kind {
    ANY,
    CONTAINER,
    IMAGE,
    NETWORK
  }

  private static final Option<Optional<String>> FORMAT =
      Option.of(
          "format", 'f', Type.text(), "Format output using a custom template: 'json' or TEMPLATE");
  private static final Option<Boolean> SIZE =
      Option.of("size", 's', Type.toggle(), "Display total file sizes if the type is container");
  private static final Option<Boolean> VERBOSE =
      Option.of("verbose", 'v', Type.toggle(), "Accepted and without effect: there is no swarm");
  private static final Option<Optional<Kind>> TYPE =
      Option.of(
          "type",
          Type.last("string", InspectCommand::kind),
          "Only inspect objects of the given type: container, image or network");

  private final Kind kind;
  private final CommandModel model;

  InspectCommand(Kind kind) {
    this.kind = kind;
    this.model =
        switch (kind) {
          case ANY ->
              CommandModel.of(
                  "inspect",
                  "NAME|ID [NAME|ID...]",
                  "Return low-level information on Coffer objects",
                  1,
                  CommandModel.MANY,
                  FORMAT,
                  SIZE,
                  TYPE);
          case CONTAINER ->
              CommandModel.of(
                  "container inspect",
                  "CONTAINER [CONTAINER...]",
                  "Display detailed information on one or more containers",
                  1,
                  CommandModel.MANY,
                  FORMAT,
                  SIZE);
          case IMAGE ->
              CommandModel.of(
                  "image inspect",
                  "IMAGE [IMAGE...]",
                  "Display detailed information on one or more images",
                  1,
                  CommandModel.MANY,
                  FORMAT);
          case NETWORK ->
              CommandModel.of(
                  "network inspect",
                  "NETWORK [NETWORK...]",
                  "Display detailed information on one or more networks",
                  1,
                  CommandModel.MANY,
                  FORMAT,
                  VERBOSE);
        };
  }

  @Override
  public CommandModel model() {
    return model;
  }

  @Override
  public int run(EngineRequest request, Arguments arguments, Engine engine) {
    Kind wanted = arguments.get(TYPE).orElse(kind);
    boolean size = arguments.get(SIZE);
    List<JsonValue> found = new ArrayList<>();
    List<String> errors = new ArrayList<>();
    for (String name : arguments.positionals()) {
      try {
        found.add(find(request, engine, wanted, name, size));
      } catch (EngineException e) {
        errors.add(FailureText.of(e));
      }
    }
    print(request, arguments.get(FORMAT), found);
    errors.forEach(error -> request.console().err("coffer: " + error + "\n"));
    return errors.isEmpty() ? 0 : 1;
  }

  private static void print(EngineRequest request, Optional<String> format, List<JsonValue> found) {
    if (format.isEmpty()) {
      request.line(Json.writePretty(new JsonArray(found)));
      return;
    }
    for (JsonValue object : found) {
      request.line(Objects.render(format.get(), Values.of(object)));
    }
  }

  private static JsonObject find(
      EngineRequest request, Engine engine, Kind kind, String name, boolean size) {
    return switch (kind) {
      case CONTAINER -> engine.execute(new Inspect(name, size)).json();
      case IMAGE -> engine.execute(new InspectImage(LocalName.of(request, engine, name))).json();
      case NETWORK -> engine.execute(new InspectNetwork(name)).json();
      case ANY -> findAny(request, engine, name, size);
    };
  }

  private static JsonObject findAny(
      EngineRequest request, Engine engine, String name, boolean size) {
    for (Kind each : List.of(Kind.CONTAINER, Kind.IMAGE, Kind.NETWORK)) {
      try {
        return find(request, engine, each, name, size);
      } catch (EngineException none) {
        if (none.kind() != EngineException.Kind.NOT_FOUND) {
          throw none;
        }
      }
    }
    throw new EngineException(EngineException.Kind.NOT_FOUND, "no such object: \"" + name + "\"");
  }

  private static Kind kind(String text) {
    return switch (text) {
      case "" -> Kind.ANY;
      case "container" -> Kind.CONTAINER;
      case "image" -> Kind.IMAGE;
      case "network" -> Kind.NETWORK;
      default ->
          throw new IllegalArgumentException("not supported: use container, image or network");
    };
  }
}
