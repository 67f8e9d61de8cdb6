package dev.coffer.cli.oci;

import dev.coffer.cli.request.Console;
import dev.coffer.runtime.file.BoundedFile;
import dev.coffer.runtime.oci.OciCaller;
import dev.coffer.runtime.oci.OciHost;
import dev.coffer.spec.json.Limits;
import java.io.IOException;
import java.io.InputStream;
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

  /** A file that the caller names, which may be anything: only what could be a document is read. */
  byte[] document(String path) throws IOException {
    return BoundedFile.read(resolve(path), Limits.CONFIG.maxBytes());
  }

  Path resolve(String path) {
    return caller.resolve(path);
  }
}
