package dev.coffer.image.snapshot;

import dev.coffer.image.ArchiveLimits;
import dev.coffer.image.tree.ContainerTree;
import dev.coffer.image.tree.OverlayMarks;
import dev.coffer.kernel.Fd;
import dev.coffer.kernel.FileAttributes;
import dev.coffer.kernel.FileOpen;
import dev.coffer.kernel.FileStat;
import dev.coffer.kernel.KernelException;
import dev.coffer.kernel.OpenFlags;
import dev.coffer.kernel.Overlay;
import dev.coffer.kernel.OverlayLayers;
import dev.coffer.kernel.OverlayOptions;
import dev.coffer.kernel.Stat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Snapshots by overlayfs: a base is a thin furnished layer over the image's, a snapshot a layer of
 * the container's own. Furnishing once for an image, rather than in each container's layer, saves
 * every start a copy-up of {@code /etc} and several files, and keeps them out of a container's
 * changes.
 *
 * <pre>
 *   init/&lt;hex&gt;/                     layer, and work, which is empty once it is made
 *   containers/&lt;id&gt;/                upper, and work, whose lock says that it is mounted
 * </pre>
 */
public final class OverlaySnapshotter implements Snapshotter {
  private static final int DIRECTORY = OpenFlags.PATH | OpenFlags.DIRECTORY;
  private static final String UPPER = "upper";
  private static final String WORK = "work";
  private static final String LAYER = "layer";

  /** Of a directory that the engine makes, whose umask is 022. */
  private static final int ORDINARY_MODE = 0755;

  private final OncePerImage inits;
  private final Overlay overlay;
  private final Furnishing furnishing;
  private final Map<Path, Stat> roots = new ConcurrentHashMap<>();

  /**
   * Snapshots of these overlays.
   *
   * @param inits directory of the furnished layers
   */
  public OverlaySnapshotter(Path inits, Overlay overlay, Furnishing furnishing) {
    this.inits = new OncePerImage(inits);
    this.overlay = overlay;
    this.furnishing = furnishing;
  }

  @Override
  public SnapshotKind kind() {
    return SnapshotKind.OVERLAY;
  }

  @Override
  public List<Path> base(String imageId, List<Path> layers) throws IOException {
    List<Path> base = new ArrayList<>(layers.size() + 1);
    base.add(inits.of(imageId, unfinished -> furnish(unfinished, layers)).resolve(LAYER));
    base.addAll(layers);
    return base;
  }

  private void furnish(Path place, List<Path> layers) throws IOException {
    Path layer = Files.createDirectory(place.resolve(LAYER));
    likeRoot(layer, layers);
    Path work = Files.createDirectory(place.resolve(WORK));
    try (Fd root = mount(layers, layer, work, OverlayOptions.DEFAULT)) {
      furnishing.furnish(root);
    }
  }

  @Override
  public List<Path> unused(Predicate<String> isImage) throws IOException {
    return inits.unused(isImage);
  }

  @Override
  public void prepare(Path container, List<Path> base, boolean ephemeral) throws IOException {
    Path upper = Files.createDirectory(container.resolve(UPPER));
    Files.createDirectory(container.resolve(WORK));
    likeRoot(upper, base);
  }

  /** The root of an overlay has the attributes of its uppermost part. */
  private void likeRoot(Path layer, List<Path> below) throws IOException {
    Path topmost = below.getFirst();
    Stat root = roots.get(topmost);
    if (root == null) {
      try (Fd opened = FileOpen.path(topmost.toString(), DIRECTORY)) {
        root = FileStat.of(opened);
      }
      roots.put(topmost, root);
    }
    if (root.permissions() == ORDINARY_MODE && root.uid() == 0 && root.gid() == 0) {
      return;
    }
    try (Fd opened = FileOpen.path(layer.toString(), DIRECTORY)) {
      FileAttributes.changeOwner(opened, root.uid(), root.gid());
      FileAttributes.changeModeOfPath(opened, root.permissions());
    }
  }

  @Override
  public Fd mount(Path container, List<Path> base, boolean ephemeral) throws IOException {
    Path work = container.resolve(WORK);
    if (ephemeral) {
      forgetVolatileMount(work);
    }
    return mount(
        base, container.resolve(UPPER), work, OverlayOptions.DEFAULT.withVolatile(ephemeral));
  }

  private Fd mount(List<Path> lowers, Path upper, Path work, OverlayOptions options)
      throws KernelException {
    List<Fd> opened = new ArrayList<>();
    try {
      for (Path lower : lowers) {
        open(opened, lower);
      }
      List<Fd> below = List.copyOf(opened);
      Fd own = open(opened, upper);
      return overlay.mount(OverlayLayers.writable(below, own, open(opened, work)), options);
    } finally {
      opened.forEach(Fd::close);
    }
  }

  /**
   * A volatile layer cannot be mounted again while its marker is there
   * (Documentation/filesystems/overlayfs.rst). Here the machine has not crashed in between: the run
   * directory, gone at reboot, would be gone with it and the container with that.
   */
  private static void forgetVolatileMount(Path work) throws IOException {
    Leftovers.remove(work.resolve("work/incompat"));
  }

  @Override
  public Fd view(String imageId, List<Path> layers) throws IOException {
    List<Fd> lowers = new ArrayList<>();
    try {
      for (Path lower : layers) {
        open(lowers, lower);
      }
      return lowers.size() == 1
          ? lowers.getFirst().duplicate()
          : overlay.mount(OverlayLayers.readOnly(lowers), OverlayOptions.DEFAULT);
    } finally {
      lowers.forEach(Fd::close);
    }
  }

  @Override
  public Fd mountView(String imageId, List<Path> layers) throws IOException {
    if (layers.size() > 1) {
      return ReadOnlyMount.restricted(view(imageId, layers));
    }
    try (Fd only = view(imageId, layers)) {
      return ReadOnlyMount.of(only);
    }
  }

  private static Fd open(List<Fd> opened, Path path) throws KernelException {
    Fd fd = FileOpen.path(path.toString(), DIRECTORY);
    opened.add(fd);
    return fd;
  }

  @Override
  public ContainerTree tree(Path container, List<Path> base) {
    return ContainerTree.ofLayer(
        container.resolve(UPPER), base, OverlayMarks.TRUSTED, ArchiveLimits.DEFAULT.maxDepth());
  }

  @Override
  public boolean wasMounted(Path container) {
    return Files.exists(container.resolve(WORK).resolve("work"));
  }

  @Override
  public boolean mayHaveChanged(Path container, String name) {
    return Files.exists(container.resolve(UPPER).resolve(name), LinkOption.NOFOLLOW_LINKS);
  }

  @Override
  public Path files(Path container) {
    return container.resolve(UPPER);
  }

  @Override
  public Map<String, String> description(Path container, List<Path> base) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("LowerDir", base.stream().map(Path::toString).collect(Collectors.joining(":")));
    facts.put("UpperDir", container.resolve(UPPER).toString());
    facts.put("WorkDir", container.resolve(WORK).toString());
    return facts;
  }
}
