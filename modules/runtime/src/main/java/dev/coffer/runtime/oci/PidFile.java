package dev.coffer.runtime.oci;

import dev.coffer.kernel.Errno;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileData;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.FileTree;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.OpenFlags;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * The file that tells others a process's pid: whole, or not there. Everybody may read it, and its
 * directory need not be the caller's alone, so what somebody has put in the way is never written
 * to.
 */
final class PidFile {
  private static final int MODE = 0666;
  private static final int NEW =
      OpenFlags.WRONLY | OpenFlags.CREAT | OpenFlags.EXCL | OpenFlags.NOFOLLOW;

  private PidFile() {}

  static void write(Path file, int pid) throws IOException {
    String place = file.toAbsolutePath().getParent().toString();
    try (Fd directory = FileOpen.path(place, OpenFlags.RDONLY | OpenFlags.DIRECTORY)) {
      write(directory, file.getFileName().toString(), Integer.toString(pid));
    } catch (KernelException e) {
      throw new IOException("cannot write pid file \"" + file + "\": " + e.getMessage(), e);
    }
  }

  private static void write(Fd directory, String name, String pid) throws KernelException {
    String temporary = "." + name;
    remove(directory, temporary);
    try (Fd created = FileOpen.at(directory, temporary, NEW, MODE)) {
      FileData.writeAll(created, pid.getBytes(StandardCharsets.US_ASCII));
      FileTree.rename(directory, temporary, directory, name);
    } catch (KernelException e) {
      remove(directory, temporary);
      throw e;
    }
  }

  private static void remove(Fd directory, String name) throws KernelException {
    try {
      FileTree.remove(directory, name);
    } catch (KernelException e) {
      if (!e.is(Errno.ENOENT)) {
        throw e;
      }
    }
  }
}
