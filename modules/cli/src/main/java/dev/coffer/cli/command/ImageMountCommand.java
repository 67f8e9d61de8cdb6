package dev.coffer.cli.command;

import dev.coffer.cli.format.Table;
import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.option.CommandModel;
import dev.coffer.cli.option.Option;
import dev.coffer.cli.option.Type;
import dev.coffer.cli.request.EngineRequest;
import dev.coffer.engine.Engine;
import dev.coffer.engine.command.ImageCommand.ListImages;
import dev.coffer.engine.command.ImageCommand.MountImage;
import dev.coffer.engine.command.ImageCommand.MountedImages;
import dev.coffer.engine.model.ImageSummary;
import dev.coffer.engine.model.MountedImage;
import dev.coffer.spec.json.Json;
import dev.coffer.spec.json.JsonArray;
import dev.coffer.spec.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code coffer image mount}. */
final class ImageMountCommand implements CliCommand {

  private static final Option<Boolean> ALL =
      Option.of("all", 'a', Type.toggle(), "Mount all images");
  private static final Option<Optional<String>> FORMAT =
      Option.of(
          "format",
          Type.last("string", ImageMountCommand::json),
          "Print what is mounted in another format: json");

  private static final int NARROW = 0;

  private static final CommandModel MODEL =
      CommandModel.of(
              "image mount",
              "[IMAGE...]",
              "Mount the root file systems of images, or list those that are mounted",
              0,
              CommandModel.MANY,
              ALL,
              FORMAT)
          .withExample("Look into an image", "ls $(coffer image mount busybox)/bin")
          .withExample("Take the mount away", "coffer image unmount busybox");

  private static String json(String text) {
    if (!text.equals("json")) {
      throw new IllegalArgumentException("unknown format (expected json)");
    }
    return text;
  }

  @Override
  public CommandModel model() {
    return MODEL;
  }

  @Override
  public int run(EngineRequest request, Arguments arguments, Engine engine) {
    boolean json = arguments.get(FORMAT).isPresent();
    if (arguments.get(ALL)) {
      if (!arguments.positionals().isEmpty()) {
        throw new IllegalArgumentException("name images or give --all, not both");
      }
      for (ImageSummary image : engine.execute(new ListImages(Map.of()))) {
        mount(request, engine, image.id());
      }
    }
    if (arguments.positionals().isEmpty()) {
      List<MountedImage> mounted = engine.execute(new MountedImages());
      request.console().out(json ? json(mounted) : table(mounted));
      return 0;
    }
    if (arguments.positionals().size() == 1 && !json) {
      request.line(mount(request, engine, arguments.first()).path());
      return 0;
    }
    return many(request, engine, arguments.positionals(), json);
  }

  private static int many(EngineRequest request, Engine engine, List<String> images, boolean json) {
    List<MountedImage> mounted = new ArrayList<>();
    int code =
        Each.run(
            request,
            images,
            image -> {
              MountedImage each = mount(request, engine, image);
              mounted.add(new MountedImage(each.id(), List.of(image), each.path()));
            });
    request.console().out(json ? json(mounted) : table(mounted));
    return code;
  }

  private static MountedImage mount(EngineRequest request, Engine engine, String image) {
    if (!request.files().sameView()) {
      throw new IllegalArgumentException(
          "cannot mount image \"%s\": the engine runs in another mount namespace or root directory than you (use nsenter, or run coffer serve where you are)"
              .formatted(image));
    }
    return engine.execute(new MountImage(LocalName.of(request, engine, image)));
  }

  private static String table(List<MountedImage> mounted) {
    return Table.render(
        mounted.stream().map(image -> name(image) + "\t" + image.path()).toList(), NARROW);
  }

  private static String name(MountedImage image) {
    return image.names().isEmpty() ? image.id() : String.join(",", image.names());
  }

  private static String json(List<MountedImage> mounted) {
    return Json.writePretty(JsonArray.of(mounted, ImageMountCommand::object)) + "\n";
  }

  private static JsonObject object(MountedImage image) {
    return JsonObject.builder()
        .put("id", image.id())
        .putStrings("Repositories", image.names())
        .put("mountpoint", image.path())
        .build();
  }
}
