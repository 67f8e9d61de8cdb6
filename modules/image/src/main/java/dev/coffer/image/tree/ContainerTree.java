package dev.coffer.image.tree;

import dev.coffer.image.ImageException;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.OpenFlags;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The files of a container, read from its layers by descriptors and without a mount, so that it is
 * the same whether the container runs, and volumes are not in the way. A stranger writes meanwhile:
 * names are looked up one by one, links are never followed, and what vanishes is passed over.
 *
 * @param own the container's own layer, or its whole tree
 * @param lowers what is below it, or what it is a copy of, topmost first
 * @param marks how the overlay marked what it did
 * @param copied when {@code own} is a whole tree: when that was known to be as the others are; a
 *     file that was not touched since is
 * @param maxDepth how deep directories may be nested
 */
public record ContainerTree(
    Path own, List<Path> lowers, OverlayMarks marks, Optional<Instant> copied, int maxDepth) {
  public ContainerTree {
    lowers = List.copyOf(lowers);
  }

  /** A tree of which the container has a layer. */
  public static ContainerTree ofLayer(
      Path own, List<Path> lowers, OverlayMarks marks, int maxDepth) {
    return new ContainerTree(own, lowers, marks, Optional.empty(), maxDepth);
  }

  /** A tree that is the container's alone, and once was a copy. */
  public static ContainerTree ofCopy(Path own, List<Path> originals, Instant copied, int maxDepth) {
    return new ContainerTree(own, originals, OverlayMarks.TRUSTED, Optional.of(copied), maxDepth);
  }

  /** Whether the container's own directory has all files, and shows nothing of the others. */
  boolean isWhole() {
    return copied.isPresent();
  }

  /** A path that is not as it was in the layers below. */
  public record Change(Kind kind, String path) {
    /** What happened to it. */
    public enum Kind {
      MODIFIED,
      ADDED,
      DELETED
    }
  }

  /** What has changed, sorted by path; a directory's content makes no change of itself. */
  public List<Change> changes() throws IOException {
    List<Change> changes = new ArrayList<>();
    new TreeWalk(this, new ChangeList(changes)).changes();
    changes.sort(Comparator.comparing(Change::path));
    return List.copyOf(changes);
  }

  /**
   * Writes the container's own layer as one of an image (OCI image-spec, layer.md).
   *
   * @param latest no file is said to be younger
   * @return how many entries it has
   * @throws ImageException NOT_SUPPORTED for names that would mean something else in a layer
   */
  public long writeLayer(OutputStream out, Optional<Instant> latest) throws IOException {
    TreeArchive archive = new TreeArchive(out, latest, true);
    new TreeWalk(this, archive).changes();
    return archive.finish();
  }

  /** Writes all files. */
  public void export(OutputStream out, Optional<Instant> latest) throws IOException {
    TreeArchive archive = new TreeArchive(out, latest, false);
    new TreeWalk(this, archive).all();
    archive.finish();
  }

  /** The root; the caller's. */
  TreeNode root() throws KernelException {
    Fd upper = FileOpen.path(own.toString(), OpenFlags.RDONLY | OpenFlags.DIRECTORY);
    try {
      return TreeNode.root(this, upper, isWhole() ? Optional.empty() : Optional.of(lowerRoot()));
    } catch (KernelException e) {
      upper.close();
      throw e;
    }
  }

  /** The merged layers below the container's own; the caller's. */
  MergedDirectory lowerRoot() throws KernelException {
    return MergedDirectory.open(lowers, marks);
  }

  ImageException tooDeep() {
    return new ImageException(
        ImageException.Kind.LIMIT_EXCEEDED, "directories are nested deeper than " + maxDepth);
  }
}
