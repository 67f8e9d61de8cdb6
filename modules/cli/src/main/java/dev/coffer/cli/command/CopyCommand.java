package dev.coffer.cli.command;

import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.option.CommandModel;
import dev.coffer.cli.option.Option;
import dev.coffer.cli.option.Type;
import dev.coffer.cli.request.EngineRequest;
import dev.coffer.engine.Engine;
import dev.coffer.engine.command.TransferCommand.Copy;
import dev.coffer.engine.model.Transferred;
import dev.coffer.image.copy.CopyOptions;
import dev.coffer.image.copy.ImageLocation;
import dev.coffer.image.copy.Selection;
import dev.coffer.image.transfer.TransferListener;
import dev.coffer.spec.image.Platform;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code coffer copy}. */
final class CopyCommand implements CliCommand {

  private static final Option<Boolean> ALL =
      Option.of("all", 'a', Type.toggle(), "Copy all images of an index, and the index");
  private static final Option<Optional<String>> AUTH_FILE =
      Option.of("authfile", Type.text(), "File with the credentials for both registries");
  private static final Option<Optional<String>> DIGEST_FILE =
      TransferFlags.digestFile("what was copied");
  private static final Option<Boolean> FOREIGN =
      Option.of("foreign-layers", Type.toggle(), "Copy layers that are distributed elsewhere, too");
  private static final Option<Optional<Platform>> PLATFORM =
      Option.of(
          "platform",
          Type.last("string", Platform::parse),
          "Copy the image of this platform (default: the host's)");
  private static final Option<Boolean> PRESERVE =
      Option.of("preserve-digests", Type.toggle(), "Fail where the digest would change");
  private static final Option<Boolean> QUIET =
      Option.of("quiet", 'q', Type.toggle(), "Suppress output");
  private static final Option<Optional<Integer>> RETRIES =
      Option.of("retry-times", Type.integer(), "Begin again so often when a registry fails");

  private final RegistryFlags source = new RegistryFlags("src-", "the source's registry");
  private final RegistryFlags destination =
      new RegistryFlags("dest-", "the destination's registry");
  private final CommandModel model = model(source, destination);

  private static CommandModel model(RegistryFlags source, RegistryFlags destination) {
    List<Option<?>> options =
        new ArrayList<>(
            List.of(
                ALL,
                AUTH_FILE,
                DIGEST_FILE,
                FOREIGN,
                TransferFlags.FORMAT,
                PLATFORM,
                PRESERVE,
                QUIET,
                RETRIES));
    options.addAll(destination.options());
    options.addAll(source.options());
    return CommandModel.of(
            "copy",
            "SOURCE DESTINATION",
            "Copy an image between registries, the store, layouts and archives",
            2,
            2,
            options.toArray(Option<?>[]::new))
        .withExample(
            "From one registry to another, all platforms",
            "coffer copy --all docker://example.org/app:1 docker://localhost:5000/app:1")
        .withExample("To an archive", "coffer copy docker://alpine oci-archive:alpine.tar:alpine");
  }

  @Override
  public CommandModel model() {
    return model;
  }

  @Override
  public int run(EngineRequest request, Arguments arguments, Engine engine) throws IOException {
    ImageLocation from = from(request, engine, arguments.first());
    ImageLocation to =
        ImageLocation.parse(arguments.positionals().getLast(), request.files()::reach);
    if (arguments.get(ALL) && arguments.get(PLATFORM).isPresent()) {
      throw new IllegalArgumentException("--all and --platform exclude each other");
    }
    TransferOutput output = new TransferOutput(request, "Copied");
    boolean quiet = arguments.get(QUIET);
    Copy copy =
        new Copy(
            from,
            source.access(request, arguments, arguments.get(AUTH_FILE)),
            to,
            destination.access(request, arguments, arguments.get(AUTH_FILE)),
            options(arguments),
            arguments.get(RETRIES).orElse(0),
            quiet ? TransferListener.NONE : output);
    Transferred copied = request.console().await(() -> engine.execute(copy));
    TransferOutput.digestFile(request, arguments.get(DIGEST_FILE), copied);
    if (!quiet) {
      output.end(copied);
    }
    return 0;
  }

  private static ImageLocation from(EngineRequest request, Engine engine, String text) {
    ImageLocation location = ImageLocation.parse(text, request.files()::reach);
    return location instanceof ImageLocation.Store(String name)
        ? new ImageLocation.Store(LocalName.of(request, engine, name))
        : location;
  }

  private static CopyOptions options(Arguments arguments) {
    Selection selection =
        arguments.get(ALL)
            ? new Selection.All()
            : arguments
                .get(PLATFORM)
                .<Selection>map(Selection.For::new)
                .orElseGet(Selection.ForHost::new);
    return new CopyOptions(
        selection,
        arguments.get(TransferFlags.FORMAT),
        arguments.get(PRESERVE),
        arguments.get(FOREIGN));
  }
}
