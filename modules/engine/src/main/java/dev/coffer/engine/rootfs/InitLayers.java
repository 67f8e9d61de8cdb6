package dev.coffer.engine.rootfs;

import dev.coffer.kernel.Errno;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.OpenFlags;
import dev.coffer.kernel.Overlay;
import dev.coffer.kernel.OverlayLayers;
import dev.coffer.kernel.OverlayOptions;
import dev.coffer.runtime.rootfs.RootView;
import dev.coffer.spec.image.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * One thin layer for each image, between the image's own and a container's: it holds the mount
 * points that every container needs and {@code /etc/mtab}. Making them once per image, rather than
 * in each container's own layer, saves every start a copy-up of {@code /etc} and several files, and
 * keeps them out of a container's changes.
 *
 * <pre>
 *   init/&lt;hex of the image's id&gt;/       layer, and work, which is empty once it is made
 *   init/&lt;hex&gt;.new/                    one that is being made; swept at the next start
 * </pre>
 */
public final class InitLayers {

  private static final List<String> DIRECTORIES = List.of("proc", "sys", "dev", "etc");
  private static final List<String> FILES = List.of("hosts", "hostname", "resolv.conf");
  private static final String UNFINISHED = ".new";
  private static final int DIRECTORY = OpenFlags.PATH | OpenFlags.DIRECTORY;
  private static final int FILE_MODE = 0644;

  private final Path directory;
  private final Overlay overlay;
  private final Map<String, Path> made = new ConcurrentHashMap<>();
  private final Map<String, Object> locks = new ConcurrentHashMap<>();

  /** Layers kept in this directory. */
  public InitLayers(Path directory, Overlay overlay) {
    this.directory = directory;
    this.overlay = overlay;
  }

  /**
   * The layer that belongs on top of an image's; made at the first call.
   *
   * @param lowers the image's layers, topmost first
   */
  public Path of(String imageId, List<Path> lowers) throws IOException {
    Path known = made.get(imageId);
    if (known != null) {
      return known;
    }
    synchronized (locks.computeIfAbsent(imageId, ignored -> new Object())) {
      Path place = directory.resolve(name(imageId));
      if (!Files.isDirectory(place)) {
        make(place, lowers);
      }
      Path layer = place.resolve("layer");
      made.put(imageId, layer);
      return layer;
    }
  }

  /** Those whose image is gone, and those that an earlier engine did not finish; to be removed. */
  public List<Path> unused(Predicate<String> isImage) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (var entries = Files.list(directory)) {
      return entries.filter(place -> !isImage.test("sha256:" + place.getFileName())).toList();
    }
  }

  private static String name(String imageId) {
    return Digest.parse(imageId).hex();
  }

  private void make(Path place, List<Path> lowers) throws IOException {
    Path unfinished = place.resolveSibling(place.getFileName() + UNFINISHED);
    Files.createDirectories(unfinished.resolve("layer"));
    Files.createDirectories(unfinished.resolve("work"));
    List<Fd> opened = new ArrayList<>();
    try {
      for (Path lower : lowers) {
        opened.add(FileOpen.path(lower.toString(), DIRECTORY));
      }
      try (Fd upper = FileOpen.path(unfinished.resolve("layer").toString(), DIRECTORY);
          Fd work = FileOpen.path(unfinished.resolve("work").toString(), DIRECTORY);
          Fd root =
              overlay.mount(OverlayLayers.writable(opened, upper, work), OverlayOptions.DEFAULT)) {
        fill(new RootView(root));
      }
    } finally {
      opened.forEach(Fd::close);
    }
    Files.move(unfinished, place);
  }

  /** What an odd image does not let us make, a container's plan makes or refuses by itself. */
  private static void fill(RootView view) throws IOException {
    for (String name : DIRECTORIES) {
      if (view.stat(name).isEmpty()) {
        unlessInTheWay(() -> view.makeDirectory(name));
      }
    }
    view.linkMountTable();
    Optional<Fd> etc = view.open("etc", DIRECTORY);
    if (etc.isEmpty()) {
      return;
    }
    try (Fd parent = etc.get()) {
      for (String name : FILES) {
        unlessInTheWay(
            () ->
                FileOpen.at(
                        parent,
                        name,
                        OpenFlags.WRONLY | OpenFlags.CREAT | OpenFlags.EXCL | OpenFlags.NOFOLLOW,
                        FILE_MODE)
                    .close());
      }
    }
  }

  private interface Step {
    void run() throws IOException;
  }

  private static void unlessInTheWay(Step step) throws IOException {
    try {
      step.run();
    } catch (KernelException e) {
      if (!e.is(Errno.EEXIST) && !e.is(Errno.ENOTDIR) && !e.is(Errno.ELOOP)) {
        throw e;
      }
    }
  }
}
