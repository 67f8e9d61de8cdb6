package dev.coffer.cli.command;

import dev.coffer.cli.option.Arguments;
import dev.coffer.cli.option.CommandModel;
import dev.coffer.cli.option.Option;
import dev.coffer.cli.option.Type;
import dev.coffer.cli.request.EngineRequest;
import dev.coffer.engine.Engine;
import dev.coffer.engine.command.TransferCommand.PushList;
import dev.coffer.engine.model.Transferred;
import dev.coffer.image.copy.CopyOptions;
import dev.coffer.image.copy.ImageLocation;
import dev.coffer.image.copy.Selection;
import dev.coffer.image.transfer.TransferListener;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** {@code coffer manifest push}. */
final class ManifestPushCommand implements CliCommand {

  private static final Option<Boolean> ALL =
      Option.of("all", Type.toggle(true), "Push the members, too (always)");
  private static final Option<Optional<String>> DIGEST_FILE = TransferFlags.digestFile("the list");
  private static final Option<Boolean> PURGE =
      Option.of("purge", 'p', Type.toggle(), "Remove the list when it is pushed");
  private static final Option<Boolean> QUIET =
      Option.of("quiet", 'q', Type.toggle(), "Print the digest only");

  private final ManifestFlags flags = new ManifestFlags();
  private final CommandModel model =
      CommandModel.of(
          "manifest push",
          "LIST [DESTINATION]",
          "Push a list of manifests with its members",
          1,
          2,
          flags.with(List.of(ALL, DIGEST_FILE, TransferFlags.FORMAT, PURGE, QUIET)));

  @Override
  public CommandModel model() {
    return model;
  }

  @Override
  public int run(EngineRequest request, Arguments arguments, Engine engine) throws IOException {
    Optional<ImageLocation> destination =
        arguments.positionals().size() < 2
            ? Optional.empty()
            : Optional.of(PushCommand.destination(request, arguments.positionals().getLast()));
    TransferOutput output = new TransferOutput(request, "Pushed");
    boolean quiet = arguments.get(QUIET);
    PushList push =
        new PushList(
            arguments.first(),
            destination,
            new CopyOptions(new Selection.All(), arguments.get(TransferFlags.FORMAT), false, false),
            arguments.get(PURGE),
            flags.access(request, arguments),
            quiet ? TransferListener.NONE : output);
    Transferred pushed = request.console().await(() -> engine.execute(push));
    TransferOutput.digestFile(request, arguments.get(DIGEST_FILE), pushed);
    output.line(pushed.target().digest().toString());
    return 0;
  }
}
