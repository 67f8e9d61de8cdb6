package dev.coffer.cli.command;

import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.option.CommandModel;
import dev.coffer.cli.option.Option;
import dev.coffer.cli.option.Type;
import dev.coffer.cli.request.EngineRequest;
import dev.coffer.engine.Engine;
import dev.coffer.engine.command.TransferCommand.NamesInStore;
import dev.coffer.engine.command.TransferCommand.Push;
import dev.coffer.engine.model.Transferred;
import dev.coffer.image.copy.CopyOptions;
import dev.coffer.image.copy.ImageLocation;
import dev.coffer.image.copy.Selection;
import dev.coffer.image.transfer.TransferListener;
import dev.coffer.spec.image.Platform;
import dev.coffer.spec.image.Reference;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code coffer push}. */
final class PushCommand implements CliCommand {

  private static final Option<Boolean> ALL_TAGS =
      Option.of("all-tags", 'a', Type.toggle(), "Push all tags of the repository");
  private static final Option<Optional<String>> DIGEST_FILE =
      TransferFlags.digestFile("what was pushed");
  private static final Option<Boolean> TRUST =
      Option.of("disable-content-trust", Type.toggle(true), "Skip image signing (always)");
  private static final Option<Boolean> FOREIGN =
      Option.of("foreign-layers", Type.toggle(), "Push layers that are distributed elsewhere, too");
  private static final Option<Optional<Platform>> PLATFORM =
      Option.of(
          "platform",
          Type.last("string", Platform::parse),
          "Push the image of one platform only (e.g. \"linux/amd64\")");
  private static final Option<Boolean> QUIET =
      Option.of("quiet", 'q', Type.toggle(), "Suppress verbose output");

  private final RegistryFlags registry = new RegistryFlags();
  private final CommandModel model = model(registry);

  private static CommandModel model(RegistryFlags registry) {
    List<Option<?>> options =
        new ArrayList<>(
            List.of(ALL_TAGS, DIGEST_FILE, TRUST, FOREIGN, TransferFlags.FORMAT, PLATFORM, QUIET));
    options.addAll(registry.options());
    return CommandModel.of(
            "push",
            "NAME[:TAG] [DESTINATION]",
            "Upload an image to a registry",
            1,
            2,
            options.toArray(Option<?>[]::new))
        .withAliases("coffer image push", "coffer push")
        .withExample("To a registry on this host", "coffer push localhost:5000/app:1");
  }

  @Override
  public CommandModel model() {
    return model;
  }

  @Override
  public int run(EngineRequest request, Arguments arguments, Engine engine) throws IOException {
    String name = arguments.first();
    Optional<ImageLocation> destination =
        arguments.positionals().size() < 2
            ? Optional.empty()
            : Optional.of(destination(request, arguments.positionals().getLast()));
    boolean all = arguments.get(ALL_TAGS);
    if (all && destination.isPresent()) {
      throw new IllegalArgumentException(
          "--all-tags goes to where the tags say: leave out DESTINATION");
    }
    List<String> names =
        all ? engine.execute(new NamesInStore(name)) : List.of(LocalName.of(request, engine, name));
    TransferOutput output = new TransferOutput(request, "Pushed");
    boolean quiet = arguments.get(QUIET);
    if (!quiet) {
      output.line(
          "The push refers to repository ["
              + repository(all ? name : names.getFirst(), destination)
              + "]");
    }
    for (String each : names) {
      Push push =
          new Push(
              each,
              destination,
              options(arguments),
              registry.access(request, arguments),
              quiet ? TransferListener.NONE : output);
      Transferred pushed = request.console().await(() -> engine.execute(push));
      TransferOutput.digestFile(request, arguments.get(DIGEST_FILE), pushed);
      if (quiet) {
        output.line(pushed.name().replaceFirst("^docker://", ""));
      } else {
        output.end(pushed);
      }
    }
    return 0;
  }

  /** To Podman a destination without a transport is a name in a registry. */
  static ImageLocation destination(EngineRequest request, String text) {
    ImageLocation location = ImageLocation.parse(text, request.files()::reach);
    return location instanceof ImageLocation.Store(String name) && name.equals(text)
        ? new ImageLocation.Registry(Reference.parse(text).orLatest())
        : location;
  }

  private static String repository(String name, Optional<ImageLocation> destination) {
    if (destination.isEmpty()) {
      return Reference.parse(name).name();
    }
    return destination.get() instanceof ImageLocation.Registry(Reference reference)
        ? reference.name()
        : destination.get().shown();
  }

  private static CopyOptions options(Arguments arguments) {
    Selection selection =
        arguments.get(PLATFORM).isPresent()
            ? new Selection.For(arguments.get(PLATFORM).get())
            : new Selection.AllOrTheOnlyOne();
    return new CopyOptions(
        selection, arguments.get(TransferFlags.FORMAT), false, arguments.get(FOREIGN));
  }
}
