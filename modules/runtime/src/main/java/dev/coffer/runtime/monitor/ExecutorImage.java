package dev.coffer.runtime.monitor;

import dev.coffer.kernel.CurrentProcess;
import dev.coffer.kernel.Errno;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.Memfd;
import dev.coffer.kernel.MountAttribute;
import dev.coffer.kernel.Mounts;
import dev.coffer.kernel.OpenFlags;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The native helper as something to execute: a sealed copy in memory, made once, so that no
 * container ever holds the host's own file open through {@code /proc/self/exe} and could write to
 * it (CVE-2019-5736).
 */
final class ExecutorImage implements AutoCloseable {
  private final Optional<Fd> file;
  private final String path;

  private ExecutorImage(Optional<Fd> file, String path) {
    this.file = file;
    this.path = path;
  }

  private static ExecutorImage of(Fd file) {
    // Not /proc/self: the name is looked up by the child, for which "self" is another.
    return new ExecutorImage(
        Optional.of(file), "/proc/" + CurrentProcess.pid() + "/fd/" + file.number());
  }

  /**
   * Copies the binary. Where the host forbids executable memfds ({@code vm.memfd_noexec=2}) it is a
   * {@link #view}; who may not mount runs the file itself, which must then be one that the
   * containers' users cannot write.
   */
  static ExecutorImage load(Path binary) throws IOException {
    try {
      return of(Memfd.sealedExecutable("coffer", Files.readAllBytes(binary)));
    } catch (KernelException e) {
      if (!e.is(Errno.EACCES)) {
        throw e;
      }
    }
    try {
      return view(binary);
    } catch (KernelException e) {
      if (!e.is(Errno.EPERM)) {
        throw e;
      }
      return new ExecutorImage(Optional.empty(), binary.toAbsolutePath().toString());
    }
  }

  /**
   * The file itself by a mount of its own, which cannot be written through and is nowhere to be
   * found and made writable.
   */
  static ExecutorImage view(Path binary) throws KernelException {
    try (Fd original = FileOpen.path(binary.toString(), OpenFlags.PATH)) {
      Fd view = Mounts.clone(original, false);
      try {
        Mounts.setAttributes(view, false, MountAttribute.READ_ONLY, 0, 0);
        return of(view);
      } catch (KernelException e) {
        view.close();
        throw e;
      }
    }
  }

  /** What to execute. */
  String path() {
    return path;
  }

  @Override
  public void close() {
    file.ifPresent(Fd::close);
  }
}
