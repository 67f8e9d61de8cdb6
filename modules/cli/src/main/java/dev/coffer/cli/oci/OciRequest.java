package dev.coffer.cli.oci;

import dev.coffer.cli.request.Console;
import dev.coffer.runtime.file.BoundedFile;
import dev.coffer.runtime.oci.OciCaller;
import dev.coffer.runtime.oci.OciHost;
import dev.coffer.spec.json.Limits;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/**
 * A command's surroundings.
 *
 * @param host what is the same for all
 * @param caller whom it serves
 * @param console the caller's streams
 * @param systemd whether systemd keeps the cgroups of new containers
 * @param criu name or path of criu(8)
 */
record OciRequest(OciHost host, OciCaller caller, Console console, boolean systemd, String criu) {

  void out(String text) {
    console.out(text);
  }

  /** What the caller gives on standard input. */
  InputStream input() {
    return console.input();
  }

  /**
   * A file that the caller names, which may be anything: only what could be a document is read. A
   * shell hands over what a command prints as a pipe.
   */
  byte[] document(String path) throws IOException {
    Path file = resolve(path);
    int limit = Limits.CONFIG.maxBytes();
    if (!BoundedFile.isPipe(file)) {
      return BoundedFile.read(file, limit);
    }
    try {
      return caller.runner().await(() -> readPipe(file, limit));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static byte[] readPipe(Path pipe, int limit) {
    try {
      return BoundedFile.readPipe(pipe, limit);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path resolve(String path) {
    return caller.resolve(path);
  }
}
