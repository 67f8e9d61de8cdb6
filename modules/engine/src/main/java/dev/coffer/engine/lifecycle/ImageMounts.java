package dev.coffer.engine.lifecycle;

import dev.coffer.kernel.Errno;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.FileStat;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.Mounts;
import dev.coffer.kernel.OpenFlags;
import dev.coffer.spec.image.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The images whose root file systems are mounted on the host, one directory each:
 *
 * <pre>
 *   mounts/&lt;hex of the image's id&gt;/   a mount point; empty for a moment before and after
 * </pre>
 *
 * <p>The kernel's mounts are all that is kept of it: they stay while engines come and go, and may
 * be unmounted by hand.
 */
public final class ImageMounts {
  private static final int DIRECTORY = OpenFlags.PATH | OpenFlags.DIRECTORY;

  private final Path directory;
  private final Set<Digest> beingMounted = ConcurrentHashMap.newKeySet();

  private ImageMounts(Path directory) {
    this.directory = directory;
  }

  /** Makes a detached mount. */
  @FunctionalInterface
  public interface Source {
    /** Makes it; the caller's. */
    Fd mount() throws IOException;
  }

  /**
   * The mounts of a data root. What an engine left half done is taken away, and what shows an image
   * that is gone.
   *
   * @param isImage whether there is an image with an id
   */
  public static ImageMounts open(Path dataRoot, Predicate<Digest> isImage) throws IOException {
    ImageMounts mounts = new ImageMounts(dataRoot.resolve("mounts"));
    for (Path place : mounts.places()) {
      try {
        mounts.settle(place, isImage);
      } catch (IOException | IllegalArgumentException e) {
        // It is in nobody's way.
        System.getLogger(ImageMounts.class.getName())
            .log(System.Logger.Level.WARNING, "cannot take away " + place, e);
      }
    }
    return mounts;
  }

  private void settle(Path place, Predicate<Digest> isImage) throws IOException {
    boolean mounted = isMountPoint(place);
    if (mounted && isImage.test(Digest.ofHex(place.getFileName().toString()))) {
      return;
    }
    if (mounted) {
      Mounts.unmount(place.toString(), Mounts.DETACH);
    }
    Files.delete(place);
  }

  private List<Path> places() throws IOException {
    if (Files.notExists(directory)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.sorted().toList();
    }
  }

  private boolean isMountPoint(Path place) throws KernelException {
    try (Fd parent = FileOpen.path(directory.toString(), DIRECTORY);
        Fd child = FileOpen.path(place.toString(), DIRECTORY)) {
      return FileStat.of(parent).mountId() != FileStat.of(child).mountId();
    } catch (KernelException e) {
      if (e.is(Errno.ENOENT)) {
        return false;
      }
      throw e;
    }
  }

  /** Where an image is mounted; empty when it is not. */
  public Optional<Path> place(Digest id) throws IOException {
    Path place = directory.resolve(id.hex());
    return isMountPoint(place) ? Optional.of(place) : Optional.empty();
  }

  /** Whether an image is mounted, or about to be; also where that cannot be told. */
  public boolean isMounted(Digest id) {
    try {
      return beingMounted.contains(id) || place(id).isPresent();
    } catch (IOException e) {
      System.getLogger(ImageMounts.class.getName())
          .log(System.Logger.Level.WARNING, "cannot tell whether an image is mounted", e);
      return true;
    }
  }

  /** Mounts an image, if it is not mounted yet; answers where. */
  public synchronized Path mount(Digest id, Source source) throws IOException {
    // First, so that the image stays while its layers are put together.
    beingMounted.add(id);
    try {
      Path place = directory.resolve(id.hex());
      if (!isMountPoint(place)) {
        attach(source, place);
      }
      return place;
    } finally {
      beingMounted.remove(id);
    }
  }

  private static void attach(Source source, Path place) throws IOException {
    try (Fd mount = source.mount()) {
      Files.createDirectories(place);
      try (Fd target = FileOpen.path(place.toString(), DIRECTORY)) {
        Mounts.attach(mount, target);
      } catch (KernelException e) {
        Files.delete(place);
        throw e;
      }
    }
  }

  /**
   * Unmounts an image.
   *
   * @param force also while something uses the mount
   * @return whether it was mounted
   * @throws KernelException EBUSY when it is in use
   */
  public synchronized boolean unmount(Digest id, boolean force) throws IOException {
    Optional<Path> place = place(id);
    if (place.isPresent()) {
      Mounts.unmount(place.get().toString(), force ? Mounts.DETACH : 0);
    }
    Files.deleteIfExists(directory.resolve(id.hex()));
    return place.isPresent();
  }
}
