package dev.coffer.cli.command;

import dev.coffer.cli.request.EngineRequest;
import dev.coffer.engine.model.Pulled;
import dev.coffer.image.transfer.TransferListener;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** What a user sees of a pull: the beginning, events from any thread, the end. */
interface PullOutput extends TransferListener, AutoCloseable {

  /** The pull of a name begins. */
  void begin(String name);

  /** It has succeeded. */
  void end(Pulled pulled);

  /** Nothing more is shown; what was under way stays as it is. */
  @Override
  void close();

  /** One of the caller's streams as lines, each sent at once. */
  record Lines(OutputStream out) {

    /** Standard output, or standard error for 2. */
    static Lines of(EngineRequest request, int stream) {
      return new Lines(stream == 2 ? request.console().errors() : request.console().output());
    }

    /** Writes a line. */
    synchronized void line(String text) {
      try {
        out.write((text + "\n").getBytes(StandardCharsets.UTF_8));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
