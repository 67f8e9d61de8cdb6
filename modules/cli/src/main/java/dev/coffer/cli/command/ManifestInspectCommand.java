package dev.coffer.cli.command;

import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.option.CommandModel;
import dev.coffer.cli.option.Option;
import dev.coffer.cli.option.Type;
import dev.coffer.cli.request.EngineRequest;
import dev.coffer.engine.Engine;
import dev.coffer.engine.command.TransferCommand.ShowManifest;
import dev.coffer.engine.model.ManifestView;
import dev.coffer.image.ImageException;
import dev.coffer.image.copy.ImageLocation;
import dev.coffer.image.copy.RawManifest;
import dev.coffer.spec.image.Descriptor;
import dev.coffer.spec.image.MediaTypes;
import dev.coffer.spec.json.Json;
import dev.coffer.spec.json.JsonArray;
import dev.coffer.spec.json.JsonObject;
import dev.coffer.spec.json.JsonValue;
import dev.coffer.spec.json.Limits;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code coffer manifest inspect}. */
final class ManifestInspectCommand implements CliCommand {

  private static final Option<Boolean> RAW =
      Option.of("raw", Type.toggle(), "Print the bytes as they are");
  private static final Option<Boolean> VERBOSE =
      Option.of(
          "verbose", 'v', Type.toggle(), "Print each manifest with its reference and descriptor");

  private final ManifestFlags flags = new ManifestFlags();
  private final CommandModel model =
      CommandModel.of(
              "manifest inspect",
              "MANIFEST",
              "Display a list made here, or a manifest of a registry",
              1,
              1,
              flags.with(List.of(RAW, VERBOSE)))
          .withExample("What a registry has", "coffer manifest inspect alpine:latest");

  @Override
  public CommandModel model() {
    return model;
  }

  @Override
  public int run(EngineRequest request, Arguments arguments, Engine engine) throws IOException {
    boolean verbose = arguments.get(VERBOSE);
    ShowManifest show =
        new ShowManifest(
            arguments.first(),
            ImageLocation.parse(arguments.first(), request.files()::reach),
            verbose,
            flags.access(request, arguments));
    ManifestView view = request.console().await(() -> engine.execute(show));
    if (arguments.get(RAW)) {
      request.console().output().write(view.target().bytes());
    } else {
      request.line(Json.writePretty(verbose ? verbose(view) : json(view.target())));
    }
    return 0;
  }

  private static JsonValue json(RawManifest manifest) {
    return Json.parse(manifest.bytes(), Limits.CONFIG);
  }

  private static JsonValue verbose(ManifestView view) throws ImageException {
    if (!view.target().isIndex()) {
      return entry(view.name(), view.target(), view.target().descriptor());
    }
    List<JsonValue> entries = new ArrayList<>();
    for (Descriptor listed : view.target().index().manifests()) {
      Optional<RawManifest> child =
          view.children().stream()
              .filter(each -> each.digest().equals(listed.digest()))
              .findFirst();
      if (child.isPresent()) {
        entries.add(entry(view.name() + "@" + listed.digest(), child.get(), listed));
      }
    }
    return new JsonArray(entries);
  }

  private static JsonObject entry(String name, RawManifest manifest, Descriptor descriptor) {
    String member =
        switch (manifest.descriptor().mediaType()) {
          case MediaTypes.OCI_INDEX, MediaTypes.DOCKER_INDEX -> "Index";
          case MediaTypes.DOCKER_MANIFEST -> "SchemaV2Manifest";
          default -> "OCIManifest";
        };
    return JsonObject.builder()
        .put("Ref", name)
        .put("Descriptor", descriptor.write())
        .put(member, json(manifest))
        .build();
  }
}
