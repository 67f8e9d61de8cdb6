package dev.coffer.runtime.oci;

import dev.coffer.kernel.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The file that tells others a process's pid: whole, or not there. */
final class PidFile {
  private PidFile() {}

  static void write(Path file, int pid) throws IOException {
    try {
      AtomicFile.write(file, Integer.toString(pid).getBytes(StandardCharsets.UTF_8), false);
    } catch (IOException e) {
      throw new IOException("cannot write pid file \"" + file + "\": " + e.getMessage(), e);
    }
  }
}
