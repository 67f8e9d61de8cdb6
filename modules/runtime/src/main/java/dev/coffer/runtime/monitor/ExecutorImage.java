package dev.coffer.runtime.monitor;

import dev.coffer.kernel.CurrentProcess;
import dev.coffer.kernel.Errno;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.Memfd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The native helper as something to execute: a sealed copy in memory, made once, so that no
 * container ever holds the host's own file open through {@code /proc/self/exe} and could write to
 * it (CVE-2019-5736).
 */
final class ExecutorImage implements AutoCloseable {
  private final Fd copy;
  private final String path;

  private ExecutorImage(Fd copy, String path) {
    this.copy = copy;
    this.path = path;
  }

  /**
   * Copies the binary. Where the host forbids executable memfds ({@code vm.memfd_noexec=2}) the
   * file itself is run: it must then be one that the containers' users cannot write.
   */
  static ExecutorImage load(Path binary) throws IOException {
    try {
      Fd copy = Memfd.sealedExecutable("coffer", Files.readAllBytes(binary));
      // Not /proc/self: the name is looked up by the child, for which "self" is another.
      return new ExecutorImage(copy, "/proc/" + CurrentProcess.pid() + "/fd/" + copy.number());
    } catch (KernelException e) {
      if (e.is(Errno.EACCES)) {
        return new ExecutorImage(null, binary.toAbsolutePath().toString());
      }
      throw e;
    }
  }

  /** What to execute. */
  String path() {
    return path;
  }

  @Override
  public void close() {
    if (copy != null) {
      copy.close();
    }
  }
}
