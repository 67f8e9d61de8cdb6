package dev.coffer.runtime.oci;

import dev.coffer.kernel.AtomicFile;
import dev.coffer.kernel.KernelException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The file that tells others a process's pid: whole, or not there. Everybody may read it. */
final class PidFile {
  private static final int MODE = 0666;

  private PidFile() {}

  static void write(Path file, int pid) throws IOException {
    byte[] text = Integer.toString(pid).getBytes(StandardCharsets.US_ASCII);
    try {
      AtomicFile.write(file, text, MODE, false);
    } catch (KernelException e) {
      throw new IOException("cannot write pid file \"" + file + "\": " + e.getMessage(), e);
    }
  }
}
