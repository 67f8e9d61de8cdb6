package dev.coffer.runtime.rootfs;

import dev.coffer.kernel.Errno;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileData;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.FileStat;
import dev.coffer.kernel.FileTree;
import dev.coffer.kernel.FileType;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.OpenFlags;
import dev.coffer.kernel.Resolve;
import dev.coffer.kernel.Stat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Looks into a root file system through a descriptor of its root. Whoever wrote it cannot make a
 * lookup leave it, block on a fifo, wake a device, or read without end.
 */
public final class RootView {

  /** Of what a stranger wrote, some ten times as much is made. */
  private static final int MAX_FILE_BYTES = 1 << 20;

  private static final int CHUNK = 1 << 14;
  private static final int DIRECTORY_MODE = 0755;

  private final Fd root;

  /** A view from this directory, which stays the caller's. */
  public RootView(Fd root) {
    this.root = root;
  }

  /** The users and groups of the tree. */
  public Accounts accounts() throws IOException {
    return new Accounts(text("etc/passwd"), text("etc/group"));
  }

  /** The home directory of a user, where the tree's passwd has one. */
  public Optional<String> home(long uid) throws IOException {
    return new Accounts(text("etc/passwd"), "").home(uid);
  }

  /** What a path leads to, links followed in-root; empty when there is nothing. */
  public Optional<Stat> stat(String path) throws IOException {
    Optional<Fd> found = open(path, OpenFlags.PATH);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    try (Fd fd = found.get()) {
      return Optional.of(FileStat.of(fd));
    }
  }

  /** Opens a path in-root; empty when there is nothing. */
  public Optional<Fd> open(String path, int flags) throws IOException {
    return FileOpen.inIfThere(root, path, flags, Resolve.IN_ROOT | Resolve.NO_MAGICLINKS);
  }

  /** Makes a directory of this name in the root, as root's with mode 0755. */
  public void makeDirectory(String name) throws IOException {
    FileTree.makeDirectory(root, name, DIRECTORY_MODE);
  }

  /** Makes {@code /etc/mtab} a link to the mount table, as Docker does, where there is none. */
  public void linkMountTable() throws IOException {
    Optional<Fd> etc = open("etc", OpenFlags.PATH | OpenFlags.DIRECTORY);
    if (etc.isEmpty()) {
      return;
    }
    try (Fd directory = etc.get()) {
      FileTree.makeSymbolicLink("/proc/mounts", directory, "mtab");
    } catch (KernelException e) {
      if (!e.is(Errno.EEXIST)) {
        throw e;
      }
    }
  }

  /**
   * A regular file's text; empty text when there is none.
   *
   * @throws IOException when it is larger than 1 MiB
   */
  private String text(String path) throws IOException {
    // O_PATH first: opening a device or a fifo for reading has effects even when it is refused.
    Optional<Fd> found = open(path, OpenFlags.PATH);
    if (found.isEmpty()) {
      return "";
    }
    try (Fd handle = found.get()) {
      if (FileStat.of(handle).type() != FileType.REGULAR) {
        return "";
      }
      try (Fd file = FileOpen.reopen(handle, OpenFlags.RDONLY)) {
        return readBounded(file, path);
      }
    }
  }

  private static String readBounded(Fd file, String path) throws IOException {
    ByteArrayOutputStream content = new ByteArrayOutputStream(CHUNK);
    byte[] chunk = new byte[CHUNK];
    for (int count = 1; count > 0; ) {
      count = FileData.read(file, chunk, 0, CHUNK);
      content.write(chunk, 0, count);
      if (content.size() > MAX_FILE_BYTES) {
        throw new IOException("\"/" + path + "\" in the image is larger than 1 MiB");
      }
    }
    return content.toString(StandardCharsets.UTF_8);
  }
}
