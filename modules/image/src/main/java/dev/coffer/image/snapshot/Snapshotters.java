package dev.coffer.image.snapshot;

import dev.coffer.kernel.Errno;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.OpenFlags;
import dev.coffer.kernel.Overlay;
import dev.coffer.kernel.OverlayLayers;
import dev.coffer.kernel.OverlayOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The snapshotters of a data root: a container keeps the kind that it was made with, and new ones
 * get the kind that was asked for, or overlay where that can be had.
 */
public final class Snapshotters {

  /** A file of the data root, with the word of a kind. */
  private static final String SETTING = "snapshotter";

  private static final String INITS = "init";
  private static final String BASES = "bases";
  private static final String PROBE = "probe.new";

  /**
   * What a kernel answers that has no overlay, may not give this caller one, or not on this file
   * system.
   */
  private static final Set<Errno> CANNOT_BE_HAD =
      EnumSet.of(
          Errno.ENODEV,
          Errno.ENOSYS,
          Errno.EPERM,
          Errno.EACCES,
          Errno.EINVAL,
          Errno.EOPNOTSUPP,
          Errno.EREMOTE);

  private final Path dataRoot;
  private final Overlay overlay;
  private final Snapshotter overlays;
  private final Snapshotter copies;
  private Optional<SnapshotKind> forNew;

  private Snapshotters(
      Path dataRoot, Overlay overlay, Furnishing furnishing, Optional<SnapshotKind> wanted) {
    this.dataRoot = dataRoot;
    this.overlay = overlay;
    this.overlays = new OverlaySnapshotter(dataRoot.resolve(INITS), overlay, furnishing);
    this.copies = new CopySnapshotter(dataRoot.resolve(BASES), furnishing);
    this.forNew = wanted;
  }

  /**
   * Those of a data root.
   *
   * @param wanted the kind for new containers; when empty, what the data root's file {@code
   *     snapshotter} says, or else what can be had
   * @throws IllegalArgumentException when that file has another word in it
   */
  public static Snapshotters open(
      Path dataRoot, Overlay overlay, Furnishing furnishing, Optional<SnapshotKind> wanted)
      throws IOException {
    return new Snapshotters(
        dataRoot, overlay, furnishing, wanted.isPresent() ? wanted : setting(dataRoot));
  }

  private static Optional<SnapshotKind> setting(Path dataRoot) throws IOException {
    Path file = dataRoot.resolve(SETTING);
    if (Files.notExists(file)) {
      return Optional.empty();
    }
    try {
      String word = Files.readString(file, StandardCharsets.UTF_8).strip();
      return Optional.of(SnapshotKind.parse(word));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("invalid file " + file + ": " + e.getMessage(), e);
    }
  }

  /** The snapshotter of a kind. */
  public Snapshotter of(SnapshotKind kind) {
    return switch (kind) {
      case OVERLAY -> overlays;
      case COPY -> copies;
    };
  }

  /** The kind of new containers. The first call may try what the host gives. */
  public synchronized SnapshotKind forNew() throws IOException {
    if (forNew.isEmpty()) {
      forNew = Optional.of(probe());
    }
    return forNew.get();
  }

  /** The bases, of all kinds, of which no image is there any more. */
  public List<Path> unused(Predicate<String> isImage) throws IOException {
    List<Path> unused = new ArrayList<>(overlays.unused(isImage));
    unused.addAll(copies.unused(isImage));
    return unused;
  }

  /** Tries an overlay where the containers will have theirs: not every file system takes one. */
  private SnapshotKind probe() throws IOException {
    Path place = dataRoot.resolve(INITS).resolve(PROBE);
    Leftovers.remove(place);
    Files.createDirectories(place);
    try (Fd lower = make(place.resolve("lower"));
        Fd upper = make(place.resolve("upper"));
        Fd work = make(place.resolve("work"))) {
      overlay
          .mount(OverlayLayers.writable(List.of(lower), upper, work), OverlayOptions.DEFAULT)
          .close();
      return SnapshotKind.OVERLAY;
    } catch (KernelException e) {
      if (CANNOT_BE_HAD.stream().noneMatch(e::is)) {
        throw e;
      }
      System.getLogger(Snapshotters.class.getName())
          .log(
              System.Logger.Level.WARNING,
              "no overlay can be had, containers get copies of their images: " + e.getMessage());
      return SnapshotKind.COPY;
    } finally {
      Leftovers.remove(place);
    }
  }

  private static Fd make(Path directory) throws IOException {
    return FileOpen.path(
        Files.createDirectory(directory).toString(), OpenFlags.PATH | OpenFlags.DIRECTORY);
  }
}
