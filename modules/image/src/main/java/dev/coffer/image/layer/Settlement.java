package dev.coffer.image.layer;

import dev.coffer.image.ImageException;
import dev.coffer.image.ImageException.Kind;
import dev.coffer.image.tar.TarEntry;
import dev.coffer.kernel.ExtendedAttributes;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileAttributes;
import dev.coffer.kernel.FileData;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.FileStat;
import dev.coffer.kernel.FileTree;
import dev.coffer.kernel.FileType;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.OpenFlags;
import dev.coffer.kernel.Stat;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Ends the unpacking of a layer, once those below it are there.
 *
 * <p>A directory that the archive only implies would, mounted on top, lay its own owner and
 * permissions over those of the one below ({@code /tmp} would no longer be for everybody): it takes
 * them from there. A hard link to a file of a lower layer becomes what overlayfs itself makes of
 * it, a copy. Directories get their attributes last, because each entry in them changes their times
 * and a read-only one could not be filled.
 */
final class Settlement {
  private static final long COPY_CHUNK = 1L << 30;

  private final LayerTree tree;
  private final FileMaker maker;
  private final Privileges privileges;
  private final LowerLayers lower;

  /** What was copied up, so that two links to one lower file become two links to one copy. */
  private final Map<List<String>, Copied> copies = new HashMap<>();

  private record Copied(DirectoryNode directory, String name) {}

  Settlement(LayerUnpacker unpacker, LowerLayers lower) {
    this.tree = unpacker.tree();
    this.maker = unpacker.maker();
    this.privileges = unpacker.privileges();
    this.lower = lower;
  }

  /**
   * Settles everything.
   *
   * @throws ImageException MALFORMED for a hard link to what no layer has, HOST
   */
  void settle() throws IOException {
    try {
      settle(tree.root());
    } catch (KernelException e) {
      throw new ImageException(Kind.HOST, "cannot finish a layer: " + e.getMessage(), e);
    }
  }

  private void settle(DirectoryNode node) throws IOException {
    for (DirectoryNode child : node.children()) {
      settle(child);
    }
    for (Map.Entry<String, List<String>> link : node.borrowed().entrySet()) {
      copy(node, link.getKey(), link.getValue());
    }
    if (node.isOpaque() && !node.isRoot()) {
      byte[] yes = {'y'};
      String attribute = privileges.overlayPrefix() + "opaque";
      ExtendedAttributes.set(tree.descriptor(node), attribute, yes);
    }
    TarEntry entry = node.stated().isPresent() ? node.stated().get() : inherited(node);
    maker.finishDirectory(tree.descriptor(node), entry);
  }

  private TarEntry inherited(DirectoryNode node) throws KernelException {
    Optional<Fd> below = hiddenBelow(node) ? Optional.empty() : lower.find(node.path());
    if (below.isEmpty()) {
      return directory(0755, 0, 0, Instant.EPOCH, Map.of());
    }
    try (Fd found = below.get()) {
      Stat stat = FileStat.of(found);
      return stat.type() == FileType.DIRECTORY
          ? directory(
              stat.permissions(), stat.uid(), stat.gid(), stat.modified(), attributes(found))
          : directory(0755, 0, 0, Instant.EPOCH, Map.of());
    }
  }

  private static boolean hiddenBelow(DirectoryNode node) {
    for (DirectoryNode at = node; !at.isRoot(); at = at.parent()) {
      if (at.isOpaque()) {
        return true;
      }
    }
    return false;
  }

  private static TarEntry directory(
      int mode, int uid, int gid, Instant modified, Map<String, byte[]> attributes) {
    return new TarEntry(
        "",
        TarEntry.FileKind.DIRECTORY,
        mode,
        uid,
        gid,
        0,
        modified,
        "",
        0,
        0,
        attributes,
        List.of());
  }

  private static Map<String, byte[]> attributes(Fd of) throws KernelException {
    Map<String, byte[]> attributes = new LinkedHashMap<>();
    for (String name : ExtendedAttributes.list(of)) {
      ExtendedAttributes.get(of, name).ifPresent(value -> attributes.put(name, value));
    }
    return attributes;
  }

  private void copy(DirectoryNode node, String name, List<String> target) throws IOException {
    Copied copied = copies.get(target);
    if (copied != null) {
      try (Fd from = tree.descriptor(copied.directory).duplicate()) {
        FileTree.link(from, copied.name, tree.descriptor(node), name);
      }
      return;
    }
    Optional<Fd> below = lower.find(target);
    if (below.isEmpty()) {
      throw new ImageException(
          Kind.MALFORMED,
          "malformed layer: \"%s\" is a hard link to \"%s\", which does not exist"
              .formatted(name, String.join("/", target)));
    }
    try (Fd from = below.get()) {
      Stat stat = FileStat.of(from);
      switch (stat.type()) {
        case REGULAR -> copyFile(from, stat, tree.descriptor(node), name);
        case SYMBOLIC_LINK -> copyLink(from, stat, tree.descriptor(node), name);
        case DIRECTORY, FIFO, CHARACTER_DEVICE, BLOCK_DEVICE, SOCKET, NONE ->
            throw new ImageException(
                Kind.NOT_SUPPORTED,
                "not supported: \"%s\" is a hard link to \"%s\" of a lower layer, which is no file"
                    .formatted(name, String.join("/", target)));
      }
    }
    copies.put(target, new Copied(node, name));
  }

  private void copyFile(Fd found, Stat stat, Fd directory, String name) throws KernelException {
    int flags = OpenFlags.WRONLY | OpenFlags.CREAT | OpenFlags.EXCL | OpenFlags.NOFOLLOW;
    try (Fd from = FileOpen.reopen(found, OpenFlags.RDONLY);
        Fd to = FileOpen.at(directory, name, flags, 0600)) {
      while (FileData.copyRange(from, to, COPY_CHUNK) > 0) {}
      if (privileges.ownership()) {
        FileAttributes.changeOwner(to, stat.uid(), stat.gid());
      }
      FileAttributes.changeMode(to, stat.permissions());
      maker.attribute(to, attributes(from));
      FileAttributes.changeTimes(to, stat.modified(), stat.modified());
    }
  }

  private void copyLink(Fd found, Stat stat, Fd directory, String name) throws KernelException {
    FileTree.makeSymbolicLink(FileTree.readSymbolicLink(found, ""), directory, name);
    if (privileges.ownership()) {
      FileAttributes.changeOwner(directory, name, stat.uid(), stat.gid());
    }
    FileAttributes.changeTimes(directory, name, stat.modified(), stat.modified());
  }
}
