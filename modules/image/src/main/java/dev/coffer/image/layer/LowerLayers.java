package dev.coffer.image.layer;

import dev.coffer.kernel.Errno;
import dev.coffer.kernel.ExtendedAttributes;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.FileStat;
import dev.coffer.kernel.FileType;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.OpenFlags;
import dev.coffer.kernel.Resolve;
import dev.coffer.kernel.Stat;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Looks names up in unpacked layers as overlayfs would merge them, without mounting anything. */
final class LowerLayers {
  private static final int FLAGS = OpenFlags.PATH | OpenFlags.NOFOLLOW;

  private final List<Path> topmostFirst;
  private final String opaqueAttribute;

  LowerLayers(List<Path> topmostFirst, String overlayPrefix) {
    this.topmostFirst = topmostFirst;
    this.opaqueAttribute = overlayPrefix + "opaque";
  }

  /**
   * What a path leads to; links are not followed.
   *
   * @return an {@code O_PATH} descriptor, the caller's to close; empty when nothing is there
   */
  Optional<Fd> find(List<String> path) throws KernelException {
    for (Path layer : topmostFirst) {
      try (Fd root = FileOpen.path(layer.toString(), OpenFlags.PATH | OpenFlags.DIRECTORY)) {
        Lookup lookup = lookUp(root, path);
        if (lookup.found != null || lookup.hidden) {
          return Optional.ofNullable(lookup.found);
        }
      }
    }
    return Optional.empty();
  }

  /** What one layer says: here it is, it is hidden, or (neither) ask below. */
  private record Lookup(Fd found, boolean hidden) {}

  private Lookup lookUp(Fd root, List<String> path) throws KernelException {
    Fd at = root.duplicate();
    boolean hidden = false;
    for (int i = 0; i < path.size(); i++) {
      Optional<Fd> next = open(at, path.get(i));
      at.close();
      if (next.isEmpty()) {
        return new Lookup(null, hidden);
      }
      at = next.get();
      Stat stat = FileStat.of(at);
      boolean inTheWay = i < path.size() - 1 && stat.type() != FileType.DIRECTORY;
      if (LayerTree.isWhiteout(stat) || inTheWay) {
        at.close();
        return new Lookup(null, true);
      }
      hidden |= stat.type() == FileType.DIRECTORY && isOpaque(at);
    }
    return new Lookup(at, false);
  }

  private boolean isOpaque(Fd directory) throws KernelException {
    return ExtendedAttributes.get(directory, opaqueAttribute)
        .map(value -> value.length == 1 && value[0] == 'y')
        .orElse(false);
  }

  private static Optional<Fd> open(Fd directory, String name) throws KernelException {
    try {
      return Optional.of(FileOpen.in(directory, name, FLAGS, 0, Resolve.BENEATH));
    } catch (KernelException e) {
      if (e.is(Errno.ENOENT)) {
        return Optional.empty();
      }
      throw e;
    }
  }
}
