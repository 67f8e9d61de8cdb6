package dev.coffer.image.layer;

import dev.coffer.image.ArchiveLimits;
import dev.coffer.image.ImageException;
import dev.coffer.image.ImageException.Kind;
import dev.coffer.image.tar.TarEntry;
import dev.coffer.image.tar.TarReader;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileTree;
import dev.coffer.kernel.FileType;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.Stat;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/**
 * Unpacks one layer's archive into an empty directory, as overlayfs wants a lower layer to be.
 *
 * <p>Layers can be unpacked side by side because nothing here looks at another layer. What depends
 * on those below (the attributes of directories that the archive only implies, and hard links to
 * their files) is left to {@link Settlement}, which ends the work. For use by one thread.
 */
final class LayerUnpacker implements AutoCloseable {
  private static final String WHITEOUT = ".wh.";
  private static final String OPAQUE = ".wh..wh..opq";
  private static final String AUFS = ".wh..wh.";

  private final LayerTree tree;
  private final FileMaker maker;
  private final Privileges privileges;
  private final ArchiveLimits limits;
  private long sizeBytes;
  private long entries;
  private long skippedDevices;

  LayerUnpacker(Fd root, TreeRemoval removal, Privileges privileges, ArchiveLimits limits) {
    this.tree = new LayerTree(root, removal, limits.maxDepth());
    this.maker = new FileMaker(privileges);
    this.privileges = privileges;
    this.limits = limits;
  }

  /**
   * Unpacks all entries, and reads the archive to its last byte.
   *
   * @throws ImageException MALFORMED, TRUNCATED, ESCAPE, LIMIT_EXCEEDED, NOT_SUPPORTED, HOST
   */
  void unpack(InputStream archive) throws IOException {
    TarReader reader = new TarReader(archive, limits);
    Optional<TarEntry> next = reader.next();
    while (next.isPresent()) {
      TarEntry entry = next.get();
      try {
        apply(entry, reader);
      } catch (KernelException e) {
        throw new ImageException(
            Kind.HOST, "cannot unpack entry \"%s\": %s".formatted(entry.name(), e.getMessage()), e);
      }
      entries++;
      next = reader.next();
    }
    // What follows the archive's end is part of the digest.
    byte[] rest = new byte[64 * 1024];
    while (archive.read(rest, 0, rest.length) >= 0) {}
  }

  private void apply(TarEntry entry, TarReader data) throws IOException {
    List<String> path = EntryPath.parse(entry.name(), limits.maxDepth());
    if (path.isEmpty()) {
      if (entry.type() != TarEntry.FileKind.DIRECTORY) {
        throw malformed(entry, "the layer's root must be a directory");
      }
      tree.root().state(entry);
      return;
    }
    String name = path.getLast();
    List<String> above = path.subList(0, path.size() - 1);
    if (name.startsWith(WHITEOUT)) {
      applyWhiteout(entry, name, above);
      return;
    }
    DirectoryNode parent = tree.directory(above);
    switch (entry.type()) {
      case DIRECTORY -> tree.makeDirectory(parent, name).state(entry);
      case REGULAR -> {
        tree.replace(parent, name, directory -> maker.regular(directory, name, entry, data));
        sizeBytes += entry.size();
      }
      case SYMBOLIC_LINK -> {
        if (entry.link().isEmpty()) {
          throw malformed(entry, "a symbolic link to nothing");
        }
        tree.replace(parent, name, directory -> maker.symbolicLink(directory, name, entry));
      }
      case HARD_LINK -> hardLink(entry, parent, name);
      case FIFO -> makeNode(entry, parent, name, FileType.FIFO);
      case CHARACTER_DEVICE -> makeNode(entry, parent, name, FileType.CHARACTER_DEVICE);
      case BLOCK_DEVICE -> makeNode(entry, parent, name, FileType.BLOCK_DEVICE);
    }
  }

  private void applyWhiteout(TarEntry entry, String name, List<String> above) throws IOException {
    if (name.equals(OPAQUE)) {
      tree.directory(above).makeOpaque();
    } else if (!name.startsWith(AUFS)) {
      String hidden = name.substring(WHITEOUT.length());
      if (hidden.equals("..") || hidden.equals(".")) {
        throw new ImageException(
            Kind.ESCAPE,
            "entry \"" + entry.name() + "\" would hide what is outside of its directory");
      }
      if (hidden.isEmpty()) {
        throw malformed(entry, "a whiteout of nothing");
      }
      tree.whiteOut(tree.directory(above), hidden);
    }
    // Other names of this kind are AUFS's own notes, which Docker passes over, too.
  }

  private void makeNode(TarEntry entry, DirectoryNode parent, String name, FileType type)
      throws IOException {
    boolean device = type != FileType.FIFO;
    boolean whiteout =
        type == FileType.CHARACTER_DEVICE && entry.deviceMajor() == 0 && entry.deviceMinor() == 0;
    if (device && !whiteout && !privileges.devices()) {
      // Nobody could make it here, and a container's /dev is not the image's.
      skippedDevices++;
      return;
    }
    tree.replace(parent, name, directory -> maker.node(directory, name, entry, type));
  }

  private void hardLink(TarEntry entry, DirectoryNode parent, String name) throws IOException {
    List<String> target = EntryPath.parse(entry.link(), limits.maxDepth());
    if (target.isEmpty()) {
      throw malformed(entry, "a hard link to the layer's root");
    }
    String targetName = target.getLast();
    Optional<DirectoryNode> holder = tree.find(target.subList(0, target.size() - 1));
    boolean toItself = holder.isPresent() && holder.get() == parent && targetName.equals(name);
    if (toItself) {
      throw malformed(entry, "a hard link to itself");
    }
    List<String> borrowed = holder.isPresent() ? holder.get().borrowed().get(targetName) : null;
    if (borrowed != null) {
      tree.clear(parent, name);
      parent.borrow(name, borrowed);
      return;
    }
    Optional<Stat> there =
        holder.isPresent() ? tree.stat(holder.get(), targetName) : Optional.empty();
    if (there.isEmpty()) {
      tree.clear(parent, name);
      parent.borrow(name, target);
      return;
    }
    if (there.get().type() == FileType.DIRECTORY) {
      throw malformed(entry, "a hard link to a directory");
    }
    if (isWithin(holder.get(), parent, name)) {
      throw malformed(entry, "a hard link in place of the directory that holds its target");
    }
    // A copy, because looking up the second directory may close the first.
    try (Fd from = tree.descriptor(holder.get()).duplicate()) {
      tree.replace(parent, name, directory -> FileTree.link(from, targetName, directory, name));
    }
  }

  private static boolean isWithin(DirectoryNode node, DirectoryNode parent, String name) {
    Optional<DirectoryNode> replaced = parent.child(name);
    DirectoryNode at = node;
    while (replaced.isPresent() && !at.isRoot() && at != replaced.get()) {
      at = at.parent();
    }
    return replaced.isPresent() && at == replaced.get();
  }

  LayerTree tree() {
    return tree;
  }

  FileMaker maker() {
    return maker;
  }

  Privileges privileges() {
    return privileges;
  }

  /** Bytes of all regular files, as often as the archive has them. */
  long sizeBytes() {
    return sizeBytes;
  }

  long entries() {
    return entries;
  }

  /** Device nodes that could not be made because this process may not. */
  long skippedDevices() {
    return skippedDevices;
  }

  private static ImageException malformed(TarEntry entry, String cause) {
    return new ImageException(
        Kind.MALFORMED, "malformed layer: entry \"%s\": %s".formatted(entry.name(), cause));
  }

  @Override
  public void close() {
    tree.close();
    maker.close();
  }
}
