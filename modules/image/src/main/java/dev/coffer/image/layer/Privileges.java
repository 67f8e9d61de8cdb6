package dev.coffer.image.layer;

import dev.coffer.kernel.Errno;
import dev.coffer.kernel.ExtendedAttributes;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileAttributes;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.FileStat;
import dev.coffer.kernel.FileTree;
import dev.coffer.kernel.FileType;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.OpenFlags;
import dev.coffer.kernel.Stat;

/**
 * What this process may do to files; found out by trying.
 *
 * @param ownership whether it may give files away
 * @param devices whether it may make device nodes (whiteouts aside, which anybody may since Linux
 *     5.8)
 * @param overlayPrefix the attributes that overlayfs will heed: {@code trusted.overlay.}, or {@code
 *     user.overlay.} in a user namespace (overlayfs.rst, "userxattr")
 * @param uid owner of the files that it makes
 * @param gid group of the files that it makes
 * @param umask permissions that new files do not get
 */
public record Privileges(
    boolean ownership, boolean devices, String overlayPrefix, int uid, int gid, int umask) {
  /** Finds out, by a few files in a directory, of which nothing stays. */
  public static Privileges probe(Fd directory) throws KernelException {
    String name = "probe-" + ProcessHandle.current().pid() + "-" + System.nanoTime();
    FileTree.makeDirectory(directory, name, 0777);
    try (Fd probe = FileOpen.at(directory, name, OpenFlags.DIRECTORY, 0)) {
      Stat stat = FileStat.of(probe);
      int umask = 0777 & ~stat.permissions();
      boolean devices = allowed(() -> makeDevice(probe));
      boolean trusted =
          allowed(() -> ExtendedAttributes.set(probe, "trusted.overlay.coffer", new byte[] {'y'}));
      boolean ownership = allowed(() -> FileAttributes.changeOwner(probe, 1, 1));
      String prefix = trusted ? "trusted.overlay." : "user.overlay.";
      return new Privileges(ownership, devices, prefix, stat.uid(), stat.gid(), umask);
    } finally {
      FileTree.removeDirectory(directory, name);
    }
  }

  private static void makeDevice(Fd directory) throws KernelException {
    // /dev/null: as harmless as a device can be.
    FileTree.makeNode(
        directory, "node", FileType.CHARACTER_DEVICE.bits(), dev.coffer.kernel.Device.of(1, 3));
    FileTree.remove(directory, "node");
  }

  private interface Attempt {
    void run() throws KernelException;
  }

  private static boolean allowed(Attempt attempt) throws KernelException {
    try {
      attempt.run();
      return true;
    } catch (KernelException e) {
      if (e.is(Errno.EPERM) || e.is(Errno.EINVAL) || e.is(Errno.EOPNOTSUPP)) {
        return false;
      }
      throw e;
    }
  }
}
