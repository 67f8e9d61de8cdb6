package dev.coffer.cli.command;

import dev.coffer.cli.command.PullOutput.Lines;
import dev.coffer.cli.format.Printable;
import dev.coffer.cli.request.EngineRequest;
import dev.coffer.engine.model.Transferred;
import dev.coffer.image.transfer.TransferEvent;
import dev.coffer.image.transfer.TransferListener;
import dev.coffer.spec.image.Descriptor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What is said of a transfer while it goes on, a line for each blob, and at its end. */
final class TransferOutput implements TransferListener {
  private final Lines lines;
  private final String done;

  /**
   * Writes to standard output at once.
   *
   * @param done what is said of a blob that has arrived, such as {@code Pushed}
   */
  TransferOutput(EngineRequest request, String done) {
    this.lines = Lines.of(request, 1);
    this.done = done;
  }

  /** One line. */
  void line(String text) {
    lines.line(text);
  }

  private void line(Descriptor blob, String what) {
    line(blob.digest().shortHex() + ": " + what);
  }

  @Override
  public void on(TransferEvent event) {
    switch (event) {
      case TransferEvent.Waiting(Descriptor blob) -> line(blob, "Preparing");
      case TransferEvent.Exists(Descriptor blob) -> line(blob, "Already exists");
      case TransferEvent.Mounted(Descriptor blob, String from) ->
          line(blob, "Mounted from " + from);
      case TransferEvent.LeftOut(Descriptor blob) -> line(blob, "Skipped foreign layer");
      case TransferEvent.Complete(Descriptor blob) -> line(blob, done);
      case TransferEvent.Retrying(Descriptor blob, String cause) ->
          line(blob, "Retrying: " + Printable.text(cause));
      case TransferEvent.Warning(String text) -> line("WARNING: " + text);
      case TransferEvent.Resolved _,
          TransferEvent.Progress _,
          TransferEvent.Transferred _,
          TransferEvent.Finished _ -> {}
    }
  }

  /** {@code latest: digest: sha256:… size: N}, as Docker ends a push. */
  void end(Transferred transferred) {
    line(
        "%s: digest: %s size: %d"
            .formatted(
                transferred.tag().orElse(transferred.name()),
                transferred.target().digest(),
                transferred.target().size()));
    transferred
        .partOf()
        .ifPresent(
            index ->
                line(
                    "note: of index %s only the image of one platform is in the store, and only its manifest was sent"
                        .formatted(index.digest())));
  }

  /** Writes the digest to a file of the caller's, if one is wanted. */
  static void digestFile(EngineRequest request, Optional<String> name, Transferred transferred)
      throws IOException {
    if (name.isPresent()) {
      Path file = request.files().reach(name.get());
      if (!Files.exists(file)) {
        var _ = Files.createFile(file, OutputFile.mode(request.umask()));
      }
      var _ = Files.writeString(file, transferred.target().digest().toString());
    }
  }
}
