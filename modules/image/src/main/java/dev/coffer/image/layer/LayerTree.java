package dev.coffer.image.layer;

import dev.coffer.image.ImageException;
import dev.coffer.image.ImageException.Kind;
import dev.coffer.kernel.Errno;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileStat;
import dev.coffer.kernel.FileTree;
import dev.coffer.kernel.FileType;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.Stat;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * The directories of a layer that is being unpacked, in memory and on the disk.
 *
 * <p>Paths are walked here, name by name, so that the kernel never follows a link that the archive
 * made: a symbolic link in the middle of a path is resolved in memory with the layer as the root,
 * which is where Docker's chroot would lead, too.
 */
final class LayerTree implements AutoCloseable {
  /** As many links in one path as Linux follows, see path_resolution(7). */
  private static final int MAX_LINKS = 40;

  private static final int PRIVATE = 0700;

  private final DirectoryNode root = new DirectoryNode(null, "");
  private final OpenDirectories directories;
  private final TreeRemoval removal;
  private final int maxDepth;

  LayerTree(Fd root, TreeRemoval removal, int maxDepth) {
    this.directories = new OpenDirectories(root);
    this.removal = removal;
    this.maxDepth = maxDepth;
  }

  DirectoryNode root() {
    return root;
  }

  /** A descriptor that lives until the next call on this tree. */
  Fd descriptor(DirectoryNode node) throws KernelException {
    return directories.of(node);
  }

  /**
   * The directory at a path, which is made, with those above it, where it is missing.
   *
   * @throws ImageException MALFORMED when a component is a file or the links do not end
   */
  DirectoryNode directory(List<String> path) throws ImageException, KernelException {
    return walk(path, true).orElseThrow();
  }

  /** The directory at a path, if there is one. */
  Optional<DirectoryNode> find(List<String> path) throws ImageException, KernelException {
    return walk(path, false);
  }

  private Optional<DirectoryNode> walk(List<String> path, boolean make)
      throws ImageException, KernelException {
    Deque<String> ahead = new ArrayDeque<>(path);
    DirectoryNode at = root;
    int links = 0;
    while (!ahead.isEmpty()) {
      String name = ahead.pop();
      if (name.equals("..")) {
        at = at.parent();
        continue;
      }
      Optional<DirectoryNode> known = at.child(name);
      if (known.isPresent()) {
        at = known.get();
        continue;
      }
      Optional<Stat> there = stat(at, name);
      if (there.isPresent() && there.get().type() == FileType.SYMBOLIC_LINK) {
        if (++links > MAX_LINKS) {
          throw new ImageException(
              Kind.MALFORMED, "malformed layer: too many symbolic links in one path");
        }
        String target = FileTree.readSymbolicLink(descriptor(at), name);
        EntryPath.ofLink(target).reversed().forEach(ahead::push);
        at = target.startsWith("/") ? root : at;
      } else if (there.isPresent() && !isWhiteout(there.get())) {
        throw new ImageException(
            Kind.MALFORMED,
            "malformed layer: \"%s\" is used as a directory and is none".formatted(name));
      } else if (make) {
        at = makeDirectory(at, name);
      } else {
        return Optional.empty();
      }
    }
    return Optional.of(at);
  }

  /**
   * Makes a directory, or takes the one that is there. What else has the name gives way; where that
   * is a whiteout, what lies below stays hidden.
   */
  DirectoryNode makeDirectory(DirectoryNode parent, String name)
      throws ImageException, KernelException {
    Optional<DirectoryNode> known = parent.child(name);
    if (known.isPresent()) {
      return known.get();
    }
    if (parent.depth() >= maxDepth) {
      throw EntryPath.tooDeep(maxDepth);
    }
    parent.unborrow(name);
    boolean hides = false;
    if (!FileTree.makeDirectoryIfAbsent(descriptor(parent), name, PRIVATE)) {
      hides = stat(parent, name).map(LayerTree::isWhiteout).orElse(false);
      FileTree.remove(descriptor(parent), name);
      FileTree.makeDirectory(descriptor(parent), name, PRIVATE);
    }
    DirectoryNode made = parent.add(name);
    if (hides) {
      made.makeOpaque();
    }
    return made;
  }

  /** Makes a file, which fails with {@code EEXIST} before it does anything if the name is taken. */
  interface Creation {
    void in(Fd directory) throws IOException;
  }

  /** Makes a file under a name, in place of whatever has it. */
  void replace(DirectoryNode parent, String name, Creation creation) throws IOException {
    parent.unborrow(name);
    if (parent.child(name).isPresent()) {
      clear(parent, name);
    }
    try {
      creation.in(descriptor(parent));
    } catch (KernelException e) {
      if (!e.is(Errno.EEXIST)) {
        throw e;
      }
      clear(parent, name);
      creation.in(descriptor(parent));
    }
  }

  /** Takes away whatever has a name, so that something else can have it. */
  void clear(DirectoryNode parent, String name) throws KernelException {
    parent.unborrow(name);
    Optional<DirectoryNode> directory = parent.child(name);
    if (directory.isPresent()) {
      directories.forget(directory.get());
      parent.remove(name);
      removal.discard(descriptor(parent), name);
    } else {
      try {
        FileTree.remove(descriptor(parent), name);
      } catch (KernelException e) {
        if (!e.is(Errno.ENOENT)) {
          throw e;
        }
      }
    }
  }

  /**
   * Hides what lower layers have under a name. What this layer itself has there stays: a whiteout
   * speaks of the layers below only (OCI image-spec layer.md, "Whiteouts").
   */
  void whiteOut(DirectoryNode parent, String name) throws KernelException {
    Optional<DirectoryNode> directory = parent.child(name);
    if (directory.isPresent()) {
      directory.get().makeOpaque();
    } else if (stat(parent, name).isEmpty()) {
      FileTree.makeNode(descriptor(parent), name, FileType.CHARACTER_DEVICE.bits(), 0);
    }
  }

  /** What has a name in a directory; empty when nothing has. */
  Optional<Stat> stat(DirectoryNode parent, String name) throws KernelException {
    try {
      return Optional.of(FileStat.at(descriptor(parent), name));
    } catch (KernelException e) {
      if (e.is(Errno.ENOENT)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** Overlayfs's sign for "not here, and not below": overlayfs.rst, "whiteouts". */
  static boolean isWhiteout(Stat stat) {
    return stat.type() == FileType.CHARACTER_DEVICE && stat.represented() == 0;
  }

  @Override
  public void close() {
    directories.close();
  }
}
