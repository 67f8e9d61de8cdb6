package dev.coffer.cli.command;

import dev.coffer.cli.format.Printable;
import dev.coffer.cli.request.EngineRequest;
import dev.coffer.engine.model.Pulled;
import dev.coffer.image.transfer.TransferEvent;
import dev.coffer.spec.image.Descriptor;
import dev.coffer.spec.image.Reference;

/** Lines that stay, in Docker's words. */
final class PlainPullOutput implements PullOutput {
  private final Lines lines;

  PlainPullOutput(EngineRequest request, int stream) {
    this.lines = Lines.of(request, stream);
  }

  @Override
  public void begin(String name) {
    Reference reference = Reference.parse(name);
    if (reference.tag().isEmpty() && reference.digest().isEmpty()) {
      lines.line("Using default tag: latest");
    }
  }

  @Override
  public void on(TransferEvent event) {
    switch (event) {
      case TransferEvent.Resolved resolved -> lines.line(resolved.name() + ": Pulling");
      case TransferEvent.Waiting waiting -> line(waiting.blob(), "Pulling fs layer");
      case TransferEvent.Exists exists -> line(exists.blob(), "Already exists");
      case TransferEvent.Transferred transferred -> line(transferred.blob(), "Download complete");
      case TransferEvent.Complete complete -> line(complete.blob(), "Pull complete");
      case TransferEvent.Retrying retrying ->
          line(retrying.blob(), "Retrying: " + Printable.text(retrying.cause()));
      case TransferEvent.Warning warning -> lines.line("WARNING: " + warning.text());
      // The last two are a push's.
      case TransferEvent.Progress _,
          TransferEvent.Finished _,
          TransferEvent.Mounted _,
          TransferEvent.LeftOut _ -> {}
    }
  }

  private void line(Descriptor blob, String what) {
    lines.line(blob.digest().shortHex() + ": " + what);
  }

  @Override
  public void end(Pulled pulled) {
    lines.line("Digest: " + pulled.target().digest());
    lines.line(
        pulled.changed()
            ? "Status: Downloaded newer image for " + pulled.familiar()
            : "Status: Image is up to date for " + pulled.familiar());
    lines.line(pulled.name());
  }

  @Override
  public void close() {}
}
