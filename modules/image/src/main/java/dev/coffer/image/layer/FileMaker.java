package dev.coffer.image.layer;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.coffer.image.tar.TarEntry;
import dev.coffer.image.tar.TarEntry.Extent;
import dev.coffer.image.tar.TarReader;
import dev.coffer.kernel.Device;
import dev.coffer.kernel.Errno;
import dev.coffer.kernel.ExtendedAttributes;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileAttributes;
import dev.coffer.kernel.FileData;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.FileTree;
import dev.coffer.kernel.FileType;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.OpenFlags;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;

/**
 * Makes files other than directories from what an archive says of them. The name must be free.
 *
 * <p>Owner, permissions, attributes, times, in this order: giving a file away clears its
 * set-user-id bits and capabilities (chown(2)), and all but the last change its times.
 */
final class FileMaker implements AutoCloseable {
  private static final int NEW =
      OpenFlags.WRONLY | OpenFlags.CREAT | OpenFlags.EXCL | OpenFlags.NOFOLLOW;
  private static final int NO_FOLLOW = OpenFlags.PATH | OpenFlags.NOFOLLOW;
  private static final int BUFFER = 128 * 1024;

  private final Privileges privileges;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment outgoing = arena.allocate(BUFFER);
  private final byte[] incoming = new byte[BUFFER];

  FileMaker(Privileges privileges) {
    this.privileges = privileges;
  }

  void regular(Fd directory, String name, TarEntry entry, TarReader data) throws IOException {
    boolean plain = (entry.mode() & (privileges.umask() | 07000)) == 0;
    try (Fd file = FileOpen.at(directory, name, NEW, plain ? entry.mode() : 0600)) {
      long end = 0;
      for (Extent extent : entry.extents()) {
        copy(data, file, extent);
        end = extent.offset() + extent.length();
      }
      if (entry.size() > end) {
        FileData.truncate(file, entry.size());
      }
      boolean given = giveAway(file, entry);
      if (given || !plain) {
        FileAttributes.changeMode(file, entry.mode());
      }
      attribute(file, entry.attributes());
      FileAttributes.changeTimes(file, entry.modified(), entry.modified());
    }
  }

  private void copy(TarReader data, Fd file, Extent extent) throws IOException {
    long at = extent.offset();
    for (long left = extent.length(); left > 0; ) {
      int filled = 0;
      int wanted = (int) Math.min(left, BUFFER);
      while (filled < wanted) {
        filled += data.read(incoming, filled, wanted - filled);
      }
      MemorySegment.copy(incoming, 0, outgoing, JAVA_BYTE, 0, filled);
      for (long written = 0; written < filled; ) {
        written +=
            FileData.writeAt(file, outgoing.asSlice(written, filled - written), at + written);
      }
      at += filled;
      left -= filled;
    }
  }

  void symbolicLink(Fd directory, String name, TarEntry entry) throws KernelException {
    FileTree.makeSymbolicLink(entry.link(), directory, name);
    ownAndAttribute(directory, name, entry);
    FileAttributes.changeTimes(directory, name, entry.modified(), entry.modified());
  }

  /** A device node or a FIFO. */
  void node(Fd directory, String name, TarEntry entry, FileType type) throws KernelException {
    long device = type == FileType.FIFO ? 0 : Device.of(entry.deviceMajor(), entry.deviceMinor());
    FileTree.makeNode(directory, name, type.bits() | 0600, device);
    ownAndAttribute(directory, name, entry);
    FileAttributes.changeMode(directory, name, entry.mode());
    FileAttributes.changeTimes(directory, name, entry.modified(), entry.modified());
  }

  private void ownAndAttribute(Fd directory, String name, TarEntry entry) throws KernelException {
    if (mustGiveAway(entry)) {
      FileAttributes.changeOwner(directory, name, entry.uid(), entry.gid());
    }
    if (!entry.attributes().isEmpty()) {
      try (Fd itself = FileOpen.at(directory, name, NO_FOLLOW, 0)) {
        attribute(itself, entry.attributes());
      }
    }
  }

  /** Owner, permissions, attributes and times of a directory; nothing may be made in it later. */
  void finishDirectory(Fd directory, TarEntry entry) throws KernelException {
    boolean given = giveAway(directory, entry);
    if (given || entry.mode() != 0700) {
      FileAttributes.changeMode(directory, entry.mode());
    }
    attribute(directory, entry.attributes());
    FileAttributes.changeTimes(directory, entry.modified(), entry.modified());
  }

  private boolean giveAway(Fd file, TarEntry entry) throws KernelException {
    if (!mustGiveAway(entry)) {
      return false;
    }
    FileAttributes.changeOwner(file, entry.uid(), entry.gid());
    return true;
  }

  private boolean mustGiveAway(TarEntry entry) {
    return privileges.ownership()
        && (entry.uid() != privileges.uid() || entry.gid() != privileges.gid());
  }

  /** Sets attributes, but none that would tell overlayfs something (CVE-2021-3493's lesson). */
  void attribute(Fd file, Map<String, byte[]> attributes) throws KernelException {
    for (Map.Entry<String, byte[]> attribute : attributes.entrySet()) {
      String name = attribute.getKey();
      if (name.startsWith("trusted.overlay.") || name.startsWith("user.overlay.")) {
        continue;
      }
      try {
        ExtendedAttributes.set(file, name, attribute.getValue());
      } catch (KernelException e) {
        // As Docker: a file system without them, or a user without the right, is no reason to
        // refuse an image. EPERM also answers user attributes on links and devices.
        boolean mayGo =
            e.is(Errno.EOPNOTSUPP)
                || (e.is(Errno.EPERM)
                    && (name.startsWith("user.")
                        || !privileges.ownership()
                        || privileges.overlayPrefix().startsWith("user.")));
        if (!mayGo) {
          throw e;
        }
      }
    }
  }

  @Override
  public void close() {
    arena.close();
  }
}
