package dev.coffer.cli.command;

import dev.coffer.cli.request.EngineRequest;
import dev.coffer.engine.model.Transferred;
import dev.coffer.image.copy.CopyProgress;
import dev.coffer.image.copy.ImageDestination.Reuse;
import dev.coffer.spec.image.Descriptor;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What is said of a transfer while it goes on, a line for each blob, and at its end. */
final class TransferOutput implements CopyProgress {
  private final OutputStream out;
  private final String done;

  /**
   * Writes to standard output at once.
   *
   * @param done what is said of a blob that has arrived, such as {@code Pushed}
   */
  TransferOutput(EngineRequest request, String done) {
    this.out = request.console().output();
    this.done = done;
  }

  /** One line. */
  synchronized void line(String text) {
    try {
      out.write((text + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void line(Descriptor blob, String what) {
    line(blob.digest().shortHex() + ": " + what);
  }

  @Override
  public void waiting(Descriptor blob) {
    line(blob, "Preparing");
  }

  @Override
  public void reused(Descriptor blob, Reuse how) {
    line(
        blob,
        switch (how) {
          case Reuse.Present _ -> "Already exists";
          case Reuse.Mounted(String from) -> "Mounted from " + from;
        });
  }

  @Override
  public void sent(Descriptor blob, long bytes) {}

  @Override
  public void finished(Descriptor blob) {
    line(blob, done);
  }

  @Override
  public void leftOut(Descriptor blob) {
    line(blob, "Skipped foreign layer");
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
